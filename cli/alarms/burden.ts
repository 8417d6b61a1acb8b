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

const show = ({
  from,
  to,
  beds,
  monitoredBedDays,
  total,
  topBeds,
  topCauses,
  benchmarks,
  lateDoubts,
}: Burden): void => {
  printLine(`${from} to ${to}, ${beds} beds, monitored for ${monitoredBedDays} bed-days`);
  printLine(
    table(
      [
        'alarms',
        'a bed-day',
        'announced',
        'announced a bed-day',
        'high',
        'medium',
        'low',
        'median',
        'under 15 s',
        'unseen 60 s',
        'repeats 5 min',
        'chattering',
        '> 24 h',
        'late',
      ],
      [
        [
          String(total.alarms),
          figure(total.perBedDay),
          String(total.announcements),
          figure(total.announcementsPerBedDay),
          String(total.byPriority.high),
          String(total.byPriority.medium),
          String(total.byPriority.low),
          seconds(total.medianMs),
          percent(total.under15s),
          String(total.unacknowledgedOver60s),
          String(total.repeatsWithin5min),
          String(total.chattering),
          String(total.standingOver24h),
          String(total.late),
        ],
      ],
    ),
  );
  for (const [name, { of, top, share }] of Object.entries({ beds: topBeds, causes: topCauses })) {
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
      benchmarks.map(({ name, measured, target, source }) => [name, measured, target, source]),
    ),
  );
  for (const caveat of lateDoubts) note(lateCaveatText(caveat));
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
