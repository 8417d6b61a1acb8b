import type { VitalInput } from '#contracts/mqtt/messages.ts';
import { type VitalId, vital } from '#domain/vitals.ts';
import type { BodyState } from './profiles.ts';
import type { Random } from './random.ts';
import type { Sensors } from './scenarios/scenario.ts';
import type { Cycle } from './signals/cycles.ts';

/** What is connected besides ECG, saturation, respiration, cuff and temperature. */
export type Equipment = { readonly arterialLine: boolean; readonly capnography: boolean };

export type VitalValues = Partial<Record<VitalId, VitalInput>>;

/** What the monitor sees in a second. */
export type Observation = {
  readonly atMs: number;
  /** Beats and breaths that ended in this second. */
  readonly beats: readonly Cycle[];
  readonly breaths: readonly Cycle[];
  readonly body: BodyState;
  readonly sensors: Sensors;
};

/** Bedside monitors average the last 12 beat intervals; an oximeter its last few pulses, and saturation over 8 s. */
const BEATS_AVERAGED = 12;
const PULSES_AVERAGED = 8;
const BREATHS_AVERAGED = 6;
const SPO2_SECONDS_AVERAGED = 8;
/** No beat for this long is announced as no heart rate rather than the last one. */
const STANDSTILL_AFTER_MS = 4_000;
const PULSE_LOST_AFTER_MS = 5_000;
export const APNOEA_AFTER_MS = 20_000;
const CUFF_EVERY_MS = 15 * 60_000;
const CUFF_FIRST_MS = [5_000, 55_000] as const;
/** Below this perfusion index an oximeter finds no pulse. */
const LEAST_PERFUSION = 0.2;
const QUESTIONABLE_FROM_NOISE = 0.3;

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/** A rate from the last few cycles, 0 or nothing once they stop. */
export const createRateMeter = (count: number) => {
  const lengths: number[] = [];
  let lastEndMs = -Infinity;
  return {
    add(cycles: readonly Cycle[], delayMs = 0) {
      for (const { startMs, endMs } of cycles) {
        // After a pause the average starts afresh, or one long interval would spoil a dozen.
        if (endMs - startMs > STANDSTILL_AFTER_MS * 3) lengths.length = 0;
        else lengths.push(endMs - startMs);
        if (lengths.length > count) lengths.shift();
        lastEndMs = endMs + delayMs;
      }
    },
    perMinute: () => (lengths.length > 0 ? 60_000 / mean(lengths) : null),
    silentMs: (atMs: number) => atMs - lastEndMs,
    clear: () => {
      lengths.length = 0;
    },
  };
};

/** Rounded as the instrument shows it, inside what it can show at all. */
export const shown = (id: VitalId, value: number | null, noise: number): VitalInput => {
  if (value === null) return null;
  const { decimals, plausible } = vital(id);
  const rounded = Number(Math.min(plausible[1], Math.max(plausible[0], value)).toFixed(decimals));
  return noise >= QUESTIONABLE_FROM_NOISE ? { value: rounded, quality: 'questionable' } : rounded;
};

/** Finds a pulse, and averages the saturation, for as long as the probe is on and there is something to see. */
export const createOximeter = (random: Random, pulsesAveraged = PULSES_AVERAGED) => {
  const pulse = createRateMeter(pulsesAveraged);
  const saturations: number[] = [];
  return ({ atMs, beats, body, sensors }: Observation): VitalValues => {
    const found = sensors.spo2Probe === 'on' && body.perfusion >= LEAST_PERFUSION;
    if (!found) pulse.clear();
    else pulse.add(beats);
    const lost = !found || pulse.silentMs(atMs) > PULSE_LOST_AFTER_MS || pulse.perMinute() === null;
    if (lost) saturations.length = 0;
    else saturations.push(body.spo2);
    if (saturations.length > SPO2_SECONDS_AVERAGED) saturations.shift();
    const slip = sensors.noise * Math.abs(random.normal());
    return {
      spo2: shown('spo2', lost ? null : mean(saturations) - 4 * slip, sensors.noise),
      'pulse-rate': shown('pulse-rate', lost ? null : (pulse.perMinute() ?? 0) * (1 + 0.15 * slip), sensors.noise),
      'perfusion-index': shown('perfusion-index', lost ? null : body.perfusion, sensors.noise),
    };
  };
};

const createCuff = (random: Random) => {
  let nextMs = random.between(...CUFF_FIRST_MS);
  return (atMs: number, { systolic, diastolic }: BodyState): VitalValues => {
    if (atMs < nextMs) return {};
    nextMs += CUFF_EVERY_MS;
    const [high, low] = [systolic + 3 * random.normal(), diastolic + 2 * random.normal()];
    return {
      'nibp-systolic': shown('nibp-systolic', high, 0),
      'nibp-diastolic': shown('nibp-diastolic', low, 0),
      'nibp-mean': shown('nibp-mean', low + (high - low) / 3, 0),
    };
  };
};

const invasive = ({ systolic, diastolic, cvp, icp }: BodyState): VitalValues => ({
  'abp-systolic': shown('abp-systolic', systolic, 0),
  'abp-diastolic': shown('abp-diastolic', diastolic, 0),
  'abp-mean': shown('abp-mean', diastolic + (systolic - diastolic) / 3, 0),
  cvp: shown('cvp', cvp, 0),
  icp: shown('icp', icp, 0),
});

/** A bedside monitor: derives its numbers from beats, breaths and sensors, with its delays and its errors. */
export const createMonitor = ({ equipment, random }: { equipment: Equipment; random: Random }) => {
  const heart = createRateMeter(BEATS_AVERAGED);
  const breathing = createRateMeter(BREATHS_AVERAGED);
  const oximetry = createOximeter(random);
  const cuff = createCuff(random);

  const heartRate = (atMs: number) => (heart.silentMs(atMs) > STANDSTILL_AFTER_MS ? 0 : heart.perMinute());
  const respiratoryRate = (atMs: number) => (breathing.silentMs(atMs) > APNOEA_AFTER_MS ? 0 : breathing.perMinute());

  return {
    /** The numbers at the end of a second. Call once for each, in order. */
    observe(seen: Observation): VitalValues {
      const { atMs, beats, breaths, body, sensors } = seen;
      heart.add(beats);
      breathing.add(breaths);
      const rate = heartRate(atMs);
      const stumble = 1 + 0.25 * sensors.noise * random.normal();
      return {
        'heart-rate': shown('heart-rate', rate === null ? null : rate * stumble, sensors.noise),
        ...oximetry(seen),
        'respiratory-rate': shown('respiratory-rate', respiratoryRate(atMs), sensors.noise),
        temperature: shown('temperature', body.temperature, 0),
        ...cuff(atMs, body),
        ...(equipment.arterialLine ? invasive(body) : {}),
        ...(equipment.capnography ? { etco2: shown('etco2', body.etco2, 0) } : {}),
      };
    },
  };
};
