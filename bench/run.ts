import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Command, InvalidArgumentError, Option } from 'commander';
import { createProgress } from '../simulators/progress.ts';
import { measureAlarmEngine } from './rows/alarm-engine.ts';
import { measureAlarms } from './rows/alarms.ts';
import { measureBeside } from './rows/beside.ts';
import { measureIngest } from './rows/ingest.ts';
import { measurePuback } from './rows/puback.ts';
import { measureRestart } from './rows/restart.ts';
import { measureScreens } from './rows/screens.ts';
import { measureTrends } from './rows/trends.ts';
import { measureWaves } from './rows/waves.ts';
import { describeMachine } from './support/machine.ts';
import { drawPlots } from './support/plot.ts';
import { formatTable, ratio } from './support/report.ts';
import type { Row, RowResult } from './support/row.ts';
import { verdict } from './support/row.ts';
import { type Server, startServer } from './support/server.ts';
import { endStages } from './support/stage.ts';

const ROWS = {
  ingest: measureIngest,
  puback: measurePuback,
  screens: measureScreens,
  'alarm-engine': measureAlarmEngine,
  alarms: measureAlarms,
  waves: measureWaves,
  trends: measureTrends,
  beside: measureBeside,
  restart: measureRestart,
} as const satisfies Record<string, Row>;
type RowId = keyof typeof ROWS;
const ROW_IDS = Object.keys(ROWS) as RowId[];

const ABOUT: Readonly<Record<RowId, string>> = {
  ingest: 'the highest rate of readings at which the journal does not grow, beside what the database alone takes',
  puback: 'from when a message is due until it is acknowledged, which is when it is on disk',
  screens: 'from when a reading is due until 50 and 200 screens have it',
  'alarm-engine': 'what a reading costs the alarm engine alone, calm and among alarms, and what a bed keeps',
  alarms:
    "from when the reading that decides an alarm is due, or the monitor's own alarm, until 50 screens and an integration have its frame",
  waves: 'blocks of waveforms to the screen and into the database',
  trends: "a day's trend of one bed while readings come in",
  beside: 'the ward beside people who export, try other settings and look at trends, of the ward alone',
  restart: '`kill -9` under load, until the station is ready and has caught up',
};

type Options = {
  readonly only: readonly RowId[];
  readonly seconds: number;
  readonly beds: number;
  readonly trendDays: number;
  readonly quick?: true;
  readonly database: string;
  readonly profile?: true;
  readonly json?: true;
};

const RESULTS = fileURLToPath(new URL('./results/', import.meta.url));

const parseRows = (text: string): readonly RowId[] => {
  const names = text.split(',').map((name) => name.trim());
  const unknown = names.filter((name) => !ROW_IDS.some((id) => id === name));
  if (unknown.length > 0) throw new InvalidArgumentError(`Expected some of ${ROW_IDS.join(', ')}.`);
  return ROW_IDS.filter((id) => names.includes(id));
};

const describeRows = (): string => {
  const width = Math.max(...ROW_IDS.map((id) => id.length));
  return ROW_IDS.map((id) => `  ${id.padEnd(width)}  ${ABOUT[id]}`).join('\n');
};

const parseAtLeast =
  (least: number) =>
  (text: string): number => {
    const value = Number(text);
    if (!/^\d+$/.test(text) || value < least)
      throw new InvalidArgumentError(`Expected a whole number from ${least} up.`);
    return value;
  };

const QUICK = { seconds: 5, trendDays: 1 } as const;

const parseOptions = (args: readonly string[]): Options => {
  const command = new Command('wardwatch bench')
    .description('Measures this machine against the budgets and prints one table.')
    .addOption(
      new Option('--only <rows>', `some of ${ROW_IDS.join(', ')}, by comma`)
        .argParser(parseRows)
        .default(ROW_IDS, 'all'),
    )
    .option('--seconds <n>', 'how long each steady phase is measured', parseAtLeast(2), 20)
    .option('--beds <n>', 'beds of the ward, each at 1 Hz', parseAtLeast(100), 1_000)
    .option('--trend-days <n>', "days of the beds' minutes that the trend is asked of", parseAtLeast(1), 2)
    .option(
      '--quick',
      `${QUICK.seconds} seconds a phase and ${QUICK.trendDays} day of trends: to see that it works, not to quote`,
    )
    .option('--database <server>', '`embedded`, a PostgreSQL URL, or the name of a container image', 'embedded')
    .option('--profile', 'leave CPU profiles of the station beside the results')
    .option('--json', 'print the result as JSON instead of the table')
    .addHelpText('after', `\nRows:\n${describeRows()}\n\nExample: wardwatch bench --only ingest,puback --quick`)
    .exitOverride()
    .configureOutput({ outputError: (text, write) => write(text.replace(/^error: /, 'wardwatch: ')) })
    .parse([...args], { from: 'user' });
  const options = command.opts<Options>();
  return options.quick ? { ...options, ...QUICK } : options;
};

/** `args`: without node, script and verb. Results go to bench/results/, the table to standard output. */
export const runBenchCommand = async (args: readonly string[]): Promise<void> => {
  const options = parseOptions(args);
  const progress = createProgress(process.stderr);
  const server = await startServer(options.database);
  const onSignal = () => {
    progress.line('bench: interrupted, cleaning up');
    endStages()
      .then(server.stop)
      .finally(() => process.exit(130));
  };
  process.once('SIGINT', onSignal).once('SIGTERM', onSignal);
  try {
    await measure(options, server, progress);
  } finally {
    progress.stop();
    await server.stop();
  }
};

const measure = async (options: Options, server: Server, progress: ReturnType<typeof createProgress>) => {
  const machine = describeMachine();
  if (machine.loadBefore > machine.cores / 2) {
    progress.line(
      `bench: other programs keep this machine busy (load ${machine.loadBefore}): do not quote the numbers`,
    );
  }
  const database = await describeDatabase(server);
  await mkdir(RESULTS, { recursive: true });
  const results: (RowResult & { id: RowId })[] = [];
  const failures: string[] = [];
  for (const id of options.only) {
    try {
      const result = await ROWS[id]({
        server,
        seconds: options.seconds,
        beds: options.beds,
        trendDays: options.trendDays,
        profileDir: options.profile ? join(RESULTS, `profile-${id}`) : undefined,
        progress: (done, total, note) => progress.update(id, done, total, note),
      });
      results.push({ id, ...result });
    } catch (error) {
      // The other rows are still worth having.
      failures.push(`${id}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  progress.stop();
  const at = new Date().toISOString();
  const lines = results.flatMap((result) => result.lines);
  const report = {
    at,
    machine,
    database,
    options,
    lines: lines.map((line) => ({ ...line, ratio: ratio(line), verdict: verdict(line) })),
    failures,
    detail: Object.fromEntries(results.map(({ id, detail }) => [id, detail])),
  };
  const base = join(RESULTS, `bench-${at.replaceAll(':', '').replace(/\.\d+/, '')}`);
  await writeFile(`${base}.json`, `${JSON.stringify(report, null, 2)}\n`);
  await writeFile(`${base}.svg`, drawPlots(results.flatMap((result) => result.plots)));
  if (options.json) process.stdout.write(`${JSON.stringify(report)}\n`);
  else {
    const text = [
      `${machine.cpu}, ${machine.cores} cores, ${machine.memoryGiB} GiB, ${machine.kernel}, Node ${machine.node}, load before ${machine.loadBefore}`,
      `${database.version}, ${database.kind}, level ${database.level}; load, station and database on this machine`,
      '',
      formatTable(lines),
      ...failures.map((failure) => `failed: ${failure}`),
      `${base}.json and .svg`,
    ];
    process.stdout.write(`${text.join('\n')}\n`);
  }
  if (failures.length > 0) process.exitCode = 1;
};

const describeDatabase = async (server: Server) => {
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
