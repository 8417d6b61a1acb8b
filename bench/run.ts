import { Command, InvalidArgumentError, Option } from 'commander';
import { createProgress } from '../simulators/progress.ts';
import { runAgainst } from './against.ts';
import { type MeasureOptions, measure } from './measure.ts';
import { measureAlarmEngine } from './rows/alarm-engine.ts';
import { measureAlarms } from './rows/alarms.ts';
import { measureBeside } from './rows/beside.ts';
import { measureIngest } from './rows/ingest.ts';
import { measureLarge } from './rows/large.ts';
import { measurePuback } from './rows/puback.ts';
import { measureRestart } from './rows/restart.ts';
import { measureScreens } from './rows/screens.ts';
import { measureStorm } from './rows/storm.ts';
import { measureTrends } from './rows/trends.ts';
import { measureWaves } from './rows/waves.ts';
import type { Row } from './support/row.ts';
import { startServer } from './support/server.ts';
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
  large: measureLarge,
  storm: measureStorm,
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
  large: '10,000 beds with alarms and screens for ten minutes: acknowledgements, alarms, memory, and a restart',
  storm: '10,000 devices that come back at once, each with five minutes of backlog, while others go on',
};

type Options = MeasureOptions & {
  readonly only: readonly RowId[];
  readonly quick?: true;
  readonly database: string;
  /** Another checkout. */
  readonly against?: string;
};

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

const QUICK = { seconds: 5, trendDays: 1, awaySeconds: 5, largeBeds: 1_000, largeSeconds: 10 } as const;

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
    .option('--large-beds <n>', 'beds of the rows large and storm', parseAtLeast(100), 10_000)
    .option('--large-seconds <n>', 'how long the row large is held', parseAtLeast(2), 600)
    .option('--away-seconds <n>', 'how long the database is away in the row puback', parseAtLeast(1), 60)
    .option(
      '--quick',
      `${QUICK.seconds} seconds a phase or away, ${QUICK.trendDays} day of trends, a large ward of ${QUICK.largeBeds}: to see that it works, not to quote`,
    )
    .option('--repeat <n>', 'runs of each row: medians, with the lowest and the highest', parseAtLeast(1), 1)
    .option('--compare <file>', 'print the ratios to an earlier result of this machine, a JSON file of bench/results')
    .addOption(
      new Option(
        '--against <folder>',
        'run the bench of another checkout in turns with this one, and print medians and ratios',
      ).conflicts('compare'),
    )
    .option('--database <server>', '`embedded`, a PostgreSQL URL, or the name of a container image', 'embedded')
    .option('--profile', 'leave CPU profiles of the station beside the results')
    .option('--json', 'print the result as JSON instead of the table')
    .addHelpText('after', `\nRows:\n${describeRows()}\n\nExample: wardwatch bench --only ingest,puback --quick`)
    .exitOverride()
    .configureOutput({ outputError: (text, write) => write(text.replace(/^error: /, 'wardwatch: ')) })
    .parse([...args], { from: 'user' });
  const options = command.opts<Options>();
  // What is given goes before what is quick.
  const quick = Object.entries(QUICK).filter(([name]) => command.getOptionValueSource(name) === 'default');
  return options.quick ? { ...options, ...Object.fromEntries(quick) } : options;
};

/** `args`: without node, script and verb. Results go to bench/results/, the table to standard output. */
export const runBenchCommand = async (args: readonly string[]): Promise<void> => {
  const options = parseOptions(args);
  const progress = createProgress(process.stderr);
  const { against, repeat } = options;
  if (against !== undefined) {
    return await runAgainst({ folder: against, repeat, args, json: options.json === true, progress });
  }
  const server = await startServer(options.database);
  const onSignal = () => {
    progress.line('bench: interrupted, cleaning up');
    endStages()
      .then(server.stop)
      .finally(() => process.exit(130));
  };
  process.once('SIGINT', onSignal).once('SIGTERM', onSignal);
  try {
    const rows = options.only.map((id) => [id, ROWS[id]] as const);
    await measure(rows, options, server, progress);
  } finally {
    progress.stop();
    await server.stop();
  }
};
