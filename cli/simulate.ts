import { type Command, Option } from 'commander';
import type { SimulateOptions } from '../simulators/commands.ts';
import { SCENARIO_NAMES } from '../simulators/scenarios/scenarios.ts';
import { parseCount, parseDurationMs, parseOffsetMs, parseProbability, parseWardSpeed } from './options.ts';
import { printJson, printLine } from './output.ts';
import { runUntilSignal } from './run-until-signal.ts';
import { type StationOptions, stationOptions, targetStation } from './station-client.ts';

type Options = StationOptions & {
  duration?: number;
  clockOff?: number;
  json?: true;
} & Omit<SimulateOptions, 'url' | 'mqtt' | 'token' | 'durationMs' | 'clockOffMs'>;

const runSimulate = async (options: Options): Promise<void> => {
  const station = await targetStation(options);
  const { duration, clockOff, json, ...wishes } = options;
  const { runSimulateCommand } = await import('../simulators/commands.ts');
  await runUntilSignal({
    async run(signal) {
      const summary = await runSimulateCommand({
        ...wishes,
        ...station,
        signal,
        ...(duration === undefined ? {} : { durationMs: duration }),
        ...(clockOff === undefined ? {} : { clockOffMs: clockOff }),
      });
      if (json) return printJson(summary);
      const { beds, published, acknowledged, resent, discarded, realSeconds } = summary;
      printLine(
        `${beds} beds in ${realSeconds.toFixed(0)} s: ${published} messages, ${acknowledged} acknowledged, ` +
          `${resent} sent again, ${discarded} given up`,
      );
    },
  });
};

export const addSimulate = (program: Command): void => {
  stationOptions(program.command('simulate'))
    .description('register a simulated ward at a running station and let its beds publish')
    .option('--mqtt <url>', "the station's MQTT address (default: as it says, else port 1883 at --url)")
    .option('--beds <number>', 'how many beds, each device an MQTT client of its own', parseCount(1, 10_000), 16)
    .option('--units <number>', 'over how many units', parseCount(1, 50), 2)
    .option('--speed <factor>', 'how many times as fast as life; then they begin in the past', parseWardSpeed, 1)
    .option('--duration <time>', 'stop after this long (default: at Ctrl-C)', parseDurationMs)
    .option('--seed <number>', 'the same seed gives the same ward', parseCount(0, 2 ** 31), 1)
    .addOption(
      new Option('--scenario <name>', 'what happens to the patients')
        .choices(['mix', ...SCENARIO_NAMES])
        .default('mix'),
    )
    .option('--no-waves', 'numerics only')
    .option('--wave-beds <number>', 'only this many beds send waveforms', parseCount(0, 10_000))
    .option('--companions', 'each bed also has a ventilator and an oximeter; now and then one of its devices fails')
    .option('--cbor', 'publish CBOR instead of JSON')
    .option('--drop <probability>', 'fault: a message is never sent', parseProbability)
    .option('--duplicate <probability>', 'fault: a message is sent twice', parseProbability)
    .option('--delay <probability>', 'fault: a message is sent later', parseProbability)
    .option('--reorder <probability>', 'fault: a message is sent after its successor', parseProbability)
    .option(
      '--disconnect <probability>',
      'fault: the link is cut, and what was missed is sent afterwards',
      parseProbability,
    )
    .option('--clock-off <time>', "fault: the devices' clocks are ahead by this; -20s is behind", parseOffsetMs)
    .addHelpText('after', '\nExample: wardwatch simulate --beds 200 --speed 1 --duration 10min --duplicate 0.01')
    .action(runSimulate);
};
