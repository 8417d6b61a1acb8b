import { UserError } from '#platform/errors.ts';
import type { CrewCounts } from './crew.ts';
import { FAULT_KINDS, type FaultRates } from './faults.ts';
import { createProgress, type ProgressStream } from './progress.ts';
import { type ReplaySummary, replay } from './replay.ts';
import { SCENARIO_NAMES, type ScenarioName } from './scenarios/scenarios.ts';
import { runWard, type WardSummary } from './ward.ts';

/** What both commands need to know of the station and of where to show their progress. */
export type StationTarget = {
  /** The station's HTTP address. */
  readonly url: string;
  /** Its MQTT address, `mqtt://host:port` or `mqtts://host:port`. */
  readonly mqtt: string;
  /** A bearer token with the role operator. */
  readonly token: string;
  /** Ends the run early, in good order. */
  readonly signal?: AbortSignal;
  /** Where progress goes; a bar when it is a terminal. Left out: standard error. */
  readonly progress?: ProgressStream;
};

export type SimulateOptions = StationTarget & {
  readonly beds: number;
  readonly units: number;
  /** Device seconds per real second, at least 1. */
  readonly speed: number;
  readonly seed: number;
  readonly waves: boolean;
  /** Only this many beds send waveforms. */
  readonly waveBeds?: number;
  /** Each bed also has a ventilator and an oximeter. */
  readonly companions?: boolean;
  /** A scenario for all beds, or `mix`. */
  readonly scenario: string;
  /** Probabilities from 0 to 1, for each message. */
  readonly drop?: number;
  readonly duplicate?: number;
  readonly delay?: number;
  readonly reorder?: number;
  readonly disconnect?: number;
  /** How far the devices' clocks are ahead; negative is behind. */
  readonly clockOffMs?: number;
  readonly cbor?: boolean;
  /** Real time to run; left out: until the signal. */
  readonly durationMs?: number;
};

export type ReplayCommandOptions = StationTarget & {
  readonly files: readonly string[];
  /** File seconds per real second, above 0. */
  readonly speed: number;
  /** When the files' time zero was, ISO 8601 or epoch milliseconds; left out: chosen so that nothing is in the future. */
  readonly start?: string;
  readonly cbor?: boolean;
};

const isScenario = (name: string): name is ScenarioName => SCENARIO_NAMES.some((known) => known === name);

const scenariosFor = (name: string): { scenarios?: readonly ScenarioName[] } => {
  if (name === 'mix') return {};
  if (!isScenario(name)) throw new UserError(`there is no scenario ${name}: take mix or ${SCENARIO_NAMES.join(', ')}`);
  return { scenarios: [name] };
};

const faultRates = (options: SimulateOptions): FaultRates => {
  const rates = FAULT_KINDS.flatMap((kind) => (options[kind] === undefined ? [] : [[kind, options[kind]] as const]));
  const wrong = rates.find(([, rate]) => !(rate >= 0 && rate <= 1));
  if (wrong) throw new UserError(`--${wrong[0]} is a probability from 0 to 1, not ${wrong[1]}`);
  return { ...Object.fromEntries(rates), ...(options.clockOffMs ? { clockOffsetMs: options.clockOffMs } : {}) };
};

const tally = ({ published, acknowledged, online, backlog, resent }: CrewCounts): string =>
  `${online} online, ${published} sent, ${acknowledged} acknowledged, ${backlog} waiting, ${resent} resent`;

const parseStart = (text: string): number => {
  const ms = /^\d+$/.test(text) ? Number(text) : Date.parse(text);
  if (Number.isNaN(ms)) throw new UserError(`--start is a date as in 2026-01-31T08:00:00Z, not ${text}`);
  return ms;
};

/** The verb `simulate`: a ward of simulated beds. Resolves with its summary when the duration is over or the signal comes. */
export const runSimulateCommand = async (options: SimulateOptions): Promise<WardSummary> => {
  const display = createProgress(options.progress ?? process.stderr);
  const { url: stationUrl, mqtt: mqttUrl, token, beds, units, speed, seed, waves } = options;
  try {
    return await runWard({
      ...{ stationUrl, mqttUrl, token, beds, units, speed, seed, waves },
      ...scenariosFor(options.scenario),
      faults: faultRates(options),
      ...(options.cbor ? { format: 'cbor' as const } : {}),
      ...(options.waveBeds === undefined ? {} : { waveBeds: options.waveBeds }),
      ...(options.companions ? { companionBeds: beds } : {}),
      ...(options.durationMs === undefined ? {} : { durationMs: options.durationMs }),
      ...(options.signal ? { signal: options.signal } : {}),
      onProgress: ({ phase, done, total, counts, behindMs }) => {
        const behind = behindMs > 1_000 ? `, ${(behindMs / 1_000).toFixed(1)} s behind: this machine is too slow` : '';
        display.update(phase, done, total, `${tally(counts)}${behind}`);
      },
    });
  } finally {
    display.stop();
  }
};

/** The verb `replay`: recordings, each as a device. Resolves with its summary when all is acknowledged. */
export const runReplayCommand = async (options: ReplayCommandOptions): Promise<ReplaySummary> => {
  const display = createProgress(options.progress ?? process.stderr);
  const { url: stationUrl, mqtt: mqttUrl, token, files, speed, start } = options;
  if (!(speed > 0)) throw new UserError(`the speed must be above 0, not ${speed}`);
  try {
    return await replay({
      ...{ stationUrl, mqttUrl, token, files, speed },
      ...(start === undefined ? {} : { startTime: parseStart(start) }),
      ...(options.cbor ? { format: 'cbor' as const } : {}),
      ...(options.signal ? { signal: options.signal } : {}),
      onRead: (recordings) => {
        for (const { name, format, mapped, skipped, span } of recordings) {
          const used = mapped.map(({ from, to }) => `${from} → ${to}`).join(', ');
          display.line(`${name}: ${format}, ${span?.messages ?? 0} messages: ${used}`);
          for (const { from, why, values } of skipped) display.line(`  without ${from}, ${values} values: ${why}`);
        }
      },
      onProgress: ({ phase, done, total, counts }) => display.update(phase, done, total, tally(counts)),
    });
  } finally {
    display.stop();
  }
};
