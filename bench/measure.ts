import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ProgressDisplay } from '../simulators/progress.ts';
import { type Comparison, compareLines, formatComparison, refuseOther } from './support/compare.ts';
import { unquietOf } from './support/limit.ts';
import { describeMachine } from './support/machine.ts';
import { medianLines } from './support/median.ts';
import { limitedBy, observe } from './support/observe.ts';
import { drawPlots } from './support/plot.ts';
import { formatTable, ratio } from './support/report.ts';
import { RESULTS_FORMAT, type Results, readResults } from './support/results.ts';
import { type Row, type RowContext, type RowResult, verdict } from './support/row.ts';
import type { Server } from './support/server.ts';

/** Plays the rows, as often as is wished, and writes down what they measured. */

export const RESULTS = fileURLToPath(new URL('./results/', import.meta.url));

export type MeasureOptions = Pick<RowContext, 'seconds' | 'beds' | 'trendDays' | 'awaySeconds'> & {
  readonly largeBeds: number;
  readonly largeSeconds: number;
  readonly repeat: number;
  readonly profile?: true;
  readonly json?: true;
  /** A file of results. */
  readonly compare?: string;
};

type Outcome = RowResult & { readonly id: string };
type Played = { readonly outcomes: readonly Outcome[]; readonly failures: readonly string[] };
type Rows = readonly (readonly [string, Row])[];
type Now = {
  readonly at: string;
  readonly machine: ReturnType<typeof describeMachine>;
  readonly database: Results['database'];
};

/** One row, each of its lines with whether the machine was quiet. */
const playRow = async (row: Row, context: RowContext, loadBefore: number): Promise<RowResult> => {
  const used = await observe();
  const result = await row(context);
  const usage = await used();
  const unquiet = unquietOf(usage, loadBefore);
  // A row that does not look itself at what limits it is looked at as a whole.
  const limited = result.lines.some(({ limit }) => limit !== undefined) ? {} : limitedBy(usage);
  const quiet = unquiet === undefined ? {} : { unquiet };
  return { ...result, lines: result.lines.map((line) => ({ ...line, ...limited, ...quiet })) };
};

const playAll = async (
  rows: Rows,
  options: MeasureOptions,
  server: Server,
  progress: ProgressDisplay,
  loadBefore: number,
): Promise<Played> => {
  const outcomes: Outcome[] = [];
  const failures: string[] = [];
  for (let round = 0; round < options.repeat; round++) {
    for (const [id, row] of rows) {
      const profileDir = options.profile ? join(RESULTS, `profile-${id}`) : undefined;
      const note = options.repeat > 1 ? `${id} (${round + 1} of ${options.repeat})` : id;
      const context = {
        ...options,
        large: { beds: options.largeBeds, seconds: options.largeSeconds },
        server,
        profileDir,
        progress: (done: number, total: number, text: string) => progress.update(note, done, total, text),
      };
      try {
        // Before the first row the load is that of others, and before each later one that of the row before it.
        const isFirst = outcomes.length === 0 && failures.length === 0;
        outcomes.push({ id, ...(await playRow(row, context, isFirst ? loadBefore : 0)) });
      } catch (error) {
        // The other rows are still worth having.
        failures.push(`${note}: ${error instanceof Error ? error.message : String(error)}`);
      }
    }
  }
  return { outcomes, failures };
};

const report = ({ outcomes, failures }: Played, now: Now, options: MeasureOptions) => {
  const lines = medianLines(outcomes.flatMap((outcome) => outcome.lines));
  const ids = [...new Set(outcomes.map(({ id }) => id))];
  return {
    format: RESULTS_FORMAT,
    ...now,
    options,
    lines: lines.map((line) => ({ ...line, ratio: ratio(line), verdict: verdict(line) })),
    failures,
    detail: Object.fromEntries(
      ids.map((id) => [id, outcomes.filter((outcome) => outcome.id === id).map(({ detail }) => detail)]),
    ),
  };
};

const formatReport = ({ machine, database, lines, failures }: ReturnType<typeof report>): string[] => [
  `${machine.cpu}, ${machine.cores} cores, ${machine.memoryGiB} GiB, ${machine.kernel}, Node ${machine.node}, load before ${machine.loadBefore}`,
  `${database.version}, ${database.kind}, level ${database.level}; load, station and database on this machine`,
  '',
  formatTable(lines),
  ...failures.map((failure) => `failed: ${failure}`),
];

/** What the table is printed of, and what is kept of it in bench/results. Exit code 1 when a row failed. */
export const measure = async (
  rows: Rows,
  options: MeasureOptions,
  server: Server,
  progress: ProgressDisplay,
): Promise<void> => {
  const machine = describeMachine();
  if (machine.loadBefore > machine.cores / 2) {
    progress.line(
      `bench: other programs keep this machine busy (load ${machine.loadBefore}): do not quote the numbers`,
    );
  }
  const database = await describeDatabase(server);
  const earlier = options.compare === undefined ? undefined : await readResults(options.compare);
  if (earlier) refuseOther(earlier, { machine, database });
  await mkdir(RESULTS, { recursive: true });
  const played = await playAll(rows, options, server, progress, machine.loadBefore);
  progress.stop();
  const at = new Date().toISOString();
  const written = report(played, { at, machine, database }, options);
  const comparison: Comparison[] | undefined = earlier && compareLines(earlier.lines, written.lines);
  const base = join(RESULTS, `bench-${at.replaceAll(':', '').replace(/\.\d+/, '')}`);
  await writeFile(`${base}.json`, `${JSON.stringify({ ...written, comparison }, null, 2)}\n`);
  // One plot a row, of its first run.
  const firsts = new Map([...played.outcomes].reverse().map((outcome) => [outcome.id, outcome.plots]));
  await writeFile(`${base}.svg`, drawPlots([...firsts.values()].reverse().flat()));
  const compared = comparison && earlier ? ['', formatComparison(comparison, [earlier.at, at])] : [];
  const text = options.json
    ? JSON.stringify({ ...written, comparison })
    : [...formatReport(written), ...compared, `${base}.json and .svg`].join('\n');
  process.stdout.write(`${text}\n`);
  if (played.failures.length > 0) process.exitCode = 1;
};

const describeDatabase = async (server: Server): Promise<Results['database']> => {
  const database = await server.createDatabase();
  try {
    const [row] = await database.query<{ version: string }>(
      `select 'PostgreSQL ' || current_setting('server_version') ||
         coalesce((select ', TimescaleDB ' || extversion from pg_extension where extname = 'timescaledb'), '') as version`,
    );
    return { version: row?.version ?? 'unknown', level: database.level, kind: server.kind };
  } finally {
    await database.drop();
  }
};
