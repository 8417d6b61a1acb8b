import type { Command } from 'commander';
import { closeDatabase, createDatabase, type Database } from '#platform/database.ts';
import { coerceError } from '#platform/errors.ts';
import { lowerBackend, lowerThisThread } from '#platform/priority.ts';
import { timeText } from '../../review/compare.ts';
import { type MonitorVerdict, monitorVerdictText, verifyMonitors } from '../../review/monitors.ts';
import { type Verdict, verifySubject } from '../../review/verify.ts';
import { createProgress } from '../../simulators/progress.ts';
import { note, printJson, printLine } from '../output.ts';
import { DATA_DIR_OPTION } from '../settings.ts';
import { findDatabase } from './database.ts';
import { parseMoment } from './range.ts';

type Options = {
  dataDir?: string;
  bed?: string;
  unit?: string;
  all?: true;
  from?: number;
  to?: number;
  json?: true;
};

const DAY_MS = 86_400_000;

const EXIT_DIFFERENCE = 1;
const EXIT_COULD_NOT = 3;

/** null: the station itself. */
const subjectsOf = async (database: Database, { bed, unit, all }: Options): Promise<(string | null)[]> => {
  const { rows } = await database.query<{ id: string }>(
    `select id from beds where $1::text is null or id = $1 intersect
     select id from beds where $2::text is null or unit_id = $2 order by id`,
    [bed ?? null, unit ?? null],
  );
  if (rows.length === 0 && !all) throw new Error(`there is no bed ${bed ?? `in a unit ${unit}`}`);
  return [...(all ? [null] : []), ...rows.map(({ id }) => id)];
};

const nameOf = (subject: string | null): string => subject ?? 'the station';

const show = ({ subject, judged, differences, notes, readings, expected, announced }: Verdict): void => {
  for (const { at, text } of differences) printLine(`${nameOf(subject)}  ${timeText(at)}  ${text}`);
  for (const text of notes) note(`${nameOf(subject)}: ${text}`);
  if (!judged) return;
  const found = differences.length === 0 ? 'no difference' : `${differences.length} differences`;
  printLine(
    `${nameOf(subject)}: ${found}; ${readings} readings, ${expected} events expected, ${announced} announced, ` +
      `${timeText(judged.fromMs)} to ${timeText(judged.toMs)}`,
  );
};

const showMonitors = (verdict: MonitorVerdict): void => {
  for (const { at, text } of verdict.differences) printLine(`${verdict.bed}  ${timeText(at)}  ${text}`);
  if (verdict.judged) printLine(monitorVerdictText(verdict));
};

const runVerify = async (options: Options): Promise<void> => {
  const toMs = options.to ?? Date.now();
  const range = { fromMs: options.from ?? toMs - DAY_MS, toMs };
  const progress = createProgress(process.stderr);
  const found = await findDatabase(options);
  // A station on this machine goes first.
  lowerThisThread(10);
  const database = createDatabase({
    url: found.url,
    name: 'verify',
    maxConnections: 3,
    onConnect: (client) => lowerBackend(client, 15),
    onError: () => {},
  });
  try {
    const subjects = await subjectsOf(database, options);
    const verdicts: Verdict[] = [];
    const monitors: MonitorVerdict[] = [];
    for (const [place, subject] of subjects.entries()) {
      const verdict = await verifySubject(database, subject, range, (share) =>
        progress.update('verifying', place + share, subjects.length, nameOf(subject)),
      );
      verdicts.push(verdict);
      progress.stop();
      if (!options.json) show(verdict);
      if (subject === null) continue;
      const told = await verifyMonitors(database, subject, range);
      monitors.push(told);
      if (!options.json) showMonitors(told);
    }
    const differences = [...verdicts, ...monitors].reduce((sum, verdict) => sum + verdict.differences.length, 0);
    const isUnjudged = ({ judged, notes }: Verdict) => judged === null && notes.length > 0;
    const unjudged = verdicts.filter(isUnjudged).length;
    const judged = verdicts.filter((verdict) => verdict.judged !== null).length;
    if (options.json) printJson({ ...range, differences, judged, unjudged, subjects: verdicts, monitors });
    else printLine(`${differences} differences in ${judged} judged; ${unjudged} could not be judged`);
    if (differences > 0) process.exitCode = EXIT_DIFFERENCE;
    else if (unjudged > 0 || judged === 0) process.exitCode = EXIT_COULD_NOT;
  } finally {
    progress.stop();
    await closeDatabase(database);
    await found.release();
  }
};

export const addVerify = (alarms: Command): void => {
  const command: Command = alarms
    .command('verify')
    .description('decide alarms again from what is stored, and compare with what was announced')
    .option(...DATA_DIR_OPTION)
    .option('--bed <bed>', 'one bed')
    .option('--unit <unit>', 'all beds of a unit')
    .option('--all', 'all beds, and the station itself')
    .option(
      '--from <time>',
      'as 2026-01-31T08:00:00Z, or 8h for so long ago (default: a day before the end)',
      parseMoment,
    )
    .option('--to <time>', 'the end (default: now)', parseMoment)
    .option('--json', 'print the result as JSON')
    .addHelpText(
      'after',
      `
Exit codes: 0 no difference, 1 a difference, 2 wrong use, 3 it could not be judged: the database is away, or there is no
checkpoint to begin at. What it cannot know it says: readings that were shown and never stored, readings that a correction
gave to another bed, time in which the station's clock was set back.

Example: wardwatch alarms verify --bed icu-01 --from 8h`,
    )
    .action(async (options: Options) => {
      const named = [options.bed, options.unit, options.all].filter((one) => one !== undefined);
      if (named.length !== 1) command.error('error: name one of --bed, --unit and --all', { exitCode: 2 });
      const { from, to = Date.now() } = options;
      if (from !== undefined && from >= to) command.error('error: --from must be before --to', { exitCode: 2 });
      try {
        await runVerify(options);
      } catch (error) {
        note(`wardwatch: could not verify: ${coerceError(error).message || 'the database does not answer'}`);
        process.exitCode = EXIT_COULD_NOT;
      }
    });
};
