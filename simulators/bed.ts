import type { WaveInput } from '#contracts/mqtt/messages.ts';
import type { AgeGroup } from '#domain/vitals.ts';
import type { WaveId } from '#domain/waveforms.ts';
import { type CompanionValues, createCompanions } from './companions.ts';
import { createLapses } from './lapses.ts';
import { createMonitor, type Equipment, type VitalValues } from './monitor.ts';
import { createOwnAlarms, type Told } from './own-alarms.ts';
import { drawResting } from './profiles.ts';
import { createRandom, type Random } from './random.ts';
import { createCourse } from './scenarios/course.ts';
import type { Scenario } from './scenarios/scenario.ts';
import { type ScenarioName, scenario } from './scenarios/scenarios.ts';
import { createHeart } from './signals/heart.ts';
import { breathPhase, createBreathing } from './signals/respiration.ts';
import { createWaves } from './waves.ts';

export type BedOptions = {
  readonly seed: number;
  readonly profile?: AgeGroup;
  readonly scenario?: ScenarioName;
  /** Left out: drawn by the seed, one bed in four having each. */
  readonly equipment?: Equipment;
  /** Waveforms cost most of the work; the numbers are the same without. */
  readonly waves?: boolean;
  /** Besides the monitor a ventilator and an oximeter, one of the three failing now and then. */
  readonly companions?: boolean;
};

/** A second in the life of a bed. Milliseconds since the bed began. */
export type BedSecond = {
  /** When the numbers were read: the end of the second. */
  readonly atMs: number;
  readonly vitals: VitalValues;
  /** When the first sample of the blocks was taken: the start of the second. */
  readonly wavesFromMs: number;
  readonly waves: Partial<Record<WaveId, WaveInput>>;
  /** What the monitor reports of its own alarms; undefined: nothing. */
  readonly alarms: Told | undefined;
  /** The monitor goes on measuring, and sends nothing of this second. */
  readonly isSilent: boolean;
  readonly companions: CompanionValues;
};

const SECOND_MS = 1_000;
/** Lived before it begins, so that averages are full from the first second. */
const WARM_UP_MS = 30_000;

/** Breathing and heart, which run on whatever measures them. */
const createPatient = ({ profile, played, random }: { profile: AgeGroup; played: Scenario; random: Random }) => {
  const courseAt = createCourse({
    resting: drawResting(profile, random.fork('patient')),
    scenario: played,
    random: random.fork('course'),
  });
  let moment = courseAt(-WARM_UP_MS);
  const breathing = createBreathing({
    startMs: -WARM_UP_MS,
    perMinute: () => moment.body.respiratoryRate,
    random: random.fork('breathing'),
  });
  const heart = createHeart({
    startMs: -WARM_UP_MS,
    perMinute: () => moment.body.heartRate,
    variability: () => moment.body.variability,
    breathPhaseAt: (atMs) => breathPhase(breathing.recent, atMs),
    random: random.fork('heart'),
  });
  return {
    live(fromMs: number, untilMs: number) {
      moment = courseAt(fromMs);
      const breaths = breathing.advance(untilMs);
      const beats = heart.advance(untilMs);
      return { moment, breaths, beats };
    },
    recent: () => ({ beats: heart.recent, breaths: breathing.recent }),
  };
};

/** Nothing, unless the bed has companions: then they and what fails are drawn by the seed. */
const createOthers = ({ companions, profile = 'adult' }: BedOptions, random: Random, hasOwnAlarms: boolean) =>
  companions
    ? {
        devices: createCompanions({ profile, random: random.fork('companions') }),
        lapseAt: createLapses({ random: random.fork('lapses'), hasOwnAlarms }),
      }
    : undefined;

/**
 * A patient with a monitor. Breathing and heart run on; the numbers are what a monitor derives from them.
 * Pure: the same options give the same seconds, to the byte.
 */
export const createBed = (options: BedOptions) => {
  const { seed, profile = 'adult', waves: withWaves = true } = options;
  const random = createRandom(seed);
  const kit = random.fork('equipment');
  const equipment = options.equipment ?? { arterialLine: kit.chance(0.25), capnography: kit.chance(0.25) };
  const played = scenario(options.scenario ?? 'stable');
  const patient = createPatient({ profile, played, random });
  const monitor = createMonitor({ equipment, random: random.fork('monitor') });
  // Most monitors keep their alarms to themselves.
  const ownAlarms = played.rows.some(({ rhythm }) => rhythm !== undefined) ? createOwnAlarms() : undefined;
  const others = createOthers(options, random, ownAlarms !== undefined);
  const waves = createWaves({ equipment, random: random.fork('waves') });
  let nowMs = -WARM_UP_MS;
  /** What the monitor showed last while it was live. */
  let shown: VitalValues = {};

  const live = (): BedSecond => {
    const fromMs = nowMs;
    nowMs += SECOND_MS;
    const { moment, beats, breaths } = patient.live(fromMs, nowMs);
    const lapse = others?.lapseAt(fromMs);
    const fails = lapse?.device === 'monitor' ? lapse.kind : undefined;
    const { body } = moment;
    const sensors = fails === 'probe-off' ? { ...moment.sensors, spo2Probe: 'off' as const } : moment.sensors;
    const seen = { atMs: nowMs, beats, breaths, body, sensors };
    const values = monitor.observe(seen);
    const isLive = sensors.numbers === 'live';
    if (isLive) shown = values;
    const blocks = withWaves && fromMs >= 0 ? waves.second({ fromMs, ...patient.recent(), body, sensors }) : {};
    return {
      atMs: nowMs,
      vitals: shown,
      wavesFromMs: fromMs,
      waves: isLive ? blocks : {},
      alarms: fromMs >= 0 ? ownAlarms?.observe(sensors.rhythm) : undefined,
      isSilent: fails === 'silent',
      companions: others?.devices.observe(seen, lapse) ?? {},
    };
  };

  return {
    equipment,
    nextSecond(): BedSecond {
      while (nowMs < 0) live();
      return live();
    },
  };
};

export type SimulatedBed = ReturnType<typeof createBed>;
