import type { WaveInput } from '#contracts/mqtt/messages.ts';
import type { AgeGroup } from '#domain/vitals.ts';
import type { WaveId } from '#domain/waveforms.ts';
import { createMonitor, type Equipment, type VitalValues } from './monitor.ts';
import { createOwnAlarms, type Told } from './own-alarms.ts';
import { drawResting } from './profiles.ts';
import { createRandom } from './random.ts';
import { createCourse } from './scenarios/course.ts';
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
};

const SECOND_MS = 1_000;
/** Lived before it begins, so that averages are full from the first second. */
const WARM_UP_MS = 30_000;

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
  const courseAt = createCourse({
    resting: drawResting(profile, random.fork('patient')),
    scenario: played,
    random: random.fork('course'),
  });

  let nowMs = -WARM_UP_MS;
  let moment = courseAt(nowMs);
  const breathing = createBreathing({
    startMs: nowMs,
    perMinute: () => moment.body.respiratoryRate,
    random: random.fork('breathing'),
  });
  const heart = createHeart({
    startMs: nowMs,
    perMinute: () => moment.body.heartRate,
    variability: () => moment.body.variability,
    breathPhaseAt: (atMs) => breathPhase(breathing.recent, atMs),
    random: random.fork('heart'),
  });
  const monitor = createMonitor({ equipment, random: random.fork('monitor') });
  // Most monitors keep their alarms to themselves.
  const ownAlarms = played.rows.some(({ rhythm }) => rhythm !== undefined) ? createOwnAlarms() : undefined;
  const waves = createWaves({ equipment, random: random.fork('waves') });
  /** What the monitor showed last while it was live. */
  let shown: VitalValues = {};

  const live = (): BedSecond => {
    const fromMs = nowMs;
    nowMs += SECOND_MS;
    moment = courseAt(fromMs);
    const breaths = breathing.advance(nowMs);
    const beats = heart.advance(nowMs);
    const seen = monitor.observe({ atMs: nowMs, beats, breaths, ...moment });
    const isLive = moment.sensors.numbers === 'live';
    if (isLive) shown = seen;
    const blocks =
      withWaves && fromMs >= 0
        ? waves.second({ fromMs, beats: heart.recent, breaths: breathing.recent, ...moment })
        : {};
    const alarms = fromMs >= 0 ? ownAlarms?.observe(moment.sensors.rhythm) : undefined;
    return { atMs: nowMs, vitals: shown, wavesFromMs: fromMs, waves: isLive ? blocks : {}, alarms };
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
