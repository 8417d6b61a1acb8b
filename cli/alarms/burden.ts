import type { Command } from 'commander';
import { Burden } from '#contracts/http/review.ts';
import { lateCaveatText } from '../../review/late-caveats.ts';
import { note, printJson, printLine, table } from '../output.ts';
import { connectToStation, type StationOptions, stationOptions } from '../station-client.ts';
import { parseMoment } from './range.ts';

type Options = StationOptions & { unit?: string; bed?: string; from?: number; to?: number; json?: true };

const DAY_MS = 86_400_000;

const seconds = (ms: number | null): string => (ms === null ? '-' : `${Math.round(ms / 100) / 10} s`);
const percent = (share: number | null): string => (share === null ? '-' : `${Math.round(1_000 * share) / 10} %`);

const figure = (value: number | null): string => (value === null ? '-' : String(value));

const TOTALS: Readonly<Record<string, (total: Burden['total']) => string>> = {
  alarms: ({ alarms }) => String(alarms),
  'a bed-day': ({ perBedDay }) => figure(perBedDay),
  announced: ({ announcements }) => String(announcements),
  'announced a bed-day': ({ announcementsPerBedDay }) => figure(announcementsPerBedDay),
  high: ({ byPriority }) => String(byPriority.high),
  medium: ({ byPriority }) => String(byPriority.medium),
  low: ({ byPriority }) => String(byPriority.low),
  median: ({ medianMs }) => seconds(medianMs),
  'under 15 s': ({ under15s }) => percent(under15s),
  'unseen 60 s': ({ unacknowledgedOver60s }) => String(unacknowledgedOver60s),
  'repeats 5 min': ({ repeatsWithin5min }) => String(repeatsWithin5min),
  chattering: ({ chattering }) => String(chattering),
  '> 24 h': ({ standingOver24h }) => String(standingOver24h),
  late: ({ late }) => String(late),
};

const show = ({ from, to, beds, monitoredBedDays, total, ...burden }: Burden): void => {
  printLine(`${from} to ${to}, ${beds} beds, monitored for ${monitoredBedDays} bed-days`);
  printLine(table(Object.keys(TOTALS), [Object.values(TOTALS).map((text) => text(total))]));
  const { alarms, announcements, perBedDay } = burden.monitors;
  printLine(
    `\nBeside these, monitors reported ${alarms} alarms, announced ${announcements} times; ${figure(perBedDay)} a bed-day`,
  );
  for (const [name, { of, top, share }] of Object.entries({ beds: burden.topBeds, causes: burden.topCauses })) {
    printLine(`\nThe first tenth of ${of} ${name}: ${percent(share)} of all alarms`);
    printLine(
      table(
        [name, 'alarms', 'share'],
        top.map((one) => [one.name, String(one.alarms), percent(one.share)]),
      ),
    );
  }
  printLine('');
  printLine(
    table(
      ['benchmark', 'measured', 'target', 'source'],
      burden.benchmarks.map(({ name, measured, target, source }) => [name, measured, target, source]),
    ),
  );
  for (const caveat of burden.lateDoubts) note(lateCaveatText(caveat));
};

const runBurden = async (options: Options): Promise<void> => {
  const { unit, bed, to = Date.now(), from = to - DAY_MS, json } = options;
  const { request } = await connectToStation(options);
  const query = new URLSearchParams({ from: new Date(from).toISOString(), to: new Date(to).toISOString() });
  if (unit !== undefined) query.set('unit', unit);
  if (bed !== undefined) query.set('bed', bed);
  const burden = await request(Burden, 'GET', `alarms/burden?${query}`);
  if (json) printJson(burden);
  else show(burden);
};

export const addBurden = (alarms: Command): void => {
  stationOptions(alarms.command('burden'))
    .description('how many alarms there were, how long, how often, and of whom')
    .option('--unit <unit>', 'of one unit')
    .option('--bed <bed>', 'of one bed')
    .option(
      '--from <time>',
      'as 2026-01-31T08:00:00Z, or 7d for so long ago (default: a day before the end)',
      parseMoment,
    )
    .option('--to <time>', 'the end (default: now)', parseMoment)
    .addHelpText(
      'after',
      `
An alarm is one episode; announced is each time it was heard: onset, escalation, recurrence. Both are divided by the
time in which a patient was in the bed and its device heard. By bed, day, priority and cause: \`--json\`, or CSV from GET /api/v1/alarms/burden?format=csv.

Example: wardwatch alarms burden --unit icu --from 7d`,
    )
    .action(runBurden);
};
