import type { DeviceRole } from '#domain/sources/roles.ts';
import type { AgeGroup } from '#domain/vitals.ts';
import type { BedDevice, Lapse } from './lapses.ts';
import {
  APNOEA_AFTER_MS,
  createOximeter,
  createRateMeter,
  type Observation,
  shown,
  type VitalValues,
} from './monitor.ts';
import type { Random } from './random.ts';
import { keysOf, recordOf } from './records.ts';

/**
 * The devices beside the monitor of a bed. They measure the same patient, each by its own sensor, with errors and
 * averages of its own, so that two of them hardly ever agree to the digit.
 */

export const COMPANION_ROLES = ['ventilator', 'oximeter'] as const satisfies readonly DeviceRole[];
export type CompanionRole = (typeof COMPANION_ROLES)[number];

/** What each companion sends of a second; left out: it is silent, or there is none. */
export type CompanionValues = Partial<Record<CompanionRole, VitalValues>>;

/** Fewer breaths and more pulses than a monitor averages: a rate that changes is seen by one before the other. */
const BREATHS_AVERAGED = 4;
const PULSES_AVERAGED = 16;

/** Two sensors of saturation are held to differ by less than their own error of 2 %; of CO₂ by a few mm[Hg]. */
const SPO2_OFF = [-1, 1] as const;
/** From second to second, before the average: between two whole numbers it shows now the one and now the other. */
const SPO2_SPREAD = 0.8;
const PERFUSION_TIMES = [0.85, 1.15] as const;
const ETCO2_OFF = [-1.5, 1.5] as const;

type Setting = 'tidalVolumeMl' | 'peep' | 'drivingPressure' | 'oxygen';
type Range = readonly [from: number, to: number];

/** Pressures in cm[H2O], oxygen in %; ordinary settings for the weights of the age group. */
const SETTINGS: Readonly<Record<AgeGroup, Readonly<Record<Setting, Range>>>> = {
  adult: { tidalVolumeMl: [400, 520], peep: [5, 8], drivingPressure: [9, 14], oxygen: [30, 45] },
  paediatric: { tidalVolumeMl: [95, 150], peep: [5, 7], drivingPressure: [9, 13], oxygen: [28, 40] },
  neonatal: { tidalVolumeMl: [11, 17], peep: [4, 6], drivingPressure: [8, 12], oxygen: [25, 35] },
};
const VOLUME_SPREAD = 0.03;
const PRESSURE_SPREAD = 0.4;
const OXYGEN_SPREAD = 0.3;

type Companion = (seen: Observation, isProbeOff: boolean) => VitalValues;

/** It supports the breaths that the patient takes, and its flow sensor counts and measures them. */
const createVentilator = (profile: AgeGroup, random: Random): Companion => {
  const breathing = createRateMeter(BREATHS_AVERAGED);
  const ranges = SETTINGS[profile];
  const settings = recordOf(keysOf(ranges), (key) => random.between(...ranges[key]));
  const etco2Off = random.between(...ETCO2_OFF);
  /** Since when its sensor has been on: nothing could be counted before, which is no apnoea. */
  let watchesFromMs = Infinity;

  const rateAt = (atMs: number): number | null => {
    const unheardMs = Math.min(breathing.silentMs(atMs), atMs - watchesFromMs);
    return unheardMs > APNOEA_AFTER_MS ? 0 : breathing.perMinute();
  };

  return ({ atMs, breaths, body }, isProbeOff) => {
    if (isProbeOff) {
      breathing.clear();
      watchesFromMs = Infinity;
    } else {
      breathing.add(breaths);
      watchesFromMs = Math.min(watchesFromMs, atMs);
    }
    const rate = isProbeOff ? null : rateAt(atMs);
    // A volume is that of the last breath: without one there is none, and a 0 would be a measurement.
    const volumeMl = rate ? settings.tidalVolumeMl * (1 + VOLUME_SPREAD * random.normal()) : null;
    const minuteVolume = rate === null ? null : (rate * (volumeMl ?? 0)) / 1_000;
    const pressure = (value: number) => value + PRESSURE_SPREAD * random.normal();
    return {
      'ventilator-respiratory-rate': shown('ventilator-respiratory-rate', rate, 0),
      'tidal-volume': shown('tidal-volume', volumeMl, 0),
      'minute-volume': shown('minute-volume', minuteVolume, 0),
      peep: shown('peep', pressure(settings.peep), 0),
      'peak-pressure': shown('peak-pressure', pressure(settings.peep + settings.drivingPressure), 0),
      fio2: shown('fio2', settings.oxygen + OXYGEN_SPREAD * random.normal(), 0),
      etco2: shown('etco2', isProbeOff ? null : body.etco2 + etco2Off, 0),
    };
  };
};

/** On a finger of its own: what befalls the monitor's probe does not befall this one. */
const createSecondOximeter = (random: Random): Companion => {
  const oximetry = createOximeter(random, PULSES_AVERAGED);
  const spo2Off = random.between(...SPO2_OFF);
  const perfusionTimes = random.between(...PERFUSION_TIMES);
  return (seen, isProbeOff) =>
    oximetry({
      ...seen,
      body: {
        ...seen.body,
        spo2: seen.body.spo2 + spo2Off + SPO2_SPREAD * random.normal(),
        perfusion: seen.body.perfusion * perfusionTimes,
      },
      sensors: { ...seen.sensors, spo2Probe: isProbeOff ? 'off' : 'on' },
    });
};

export const createCompanions = ({ profile, random }: { profile: AgeGroup; random: Random }) => {
  const companions: Readonly<Record<CompanionRole, Companion>> = {
    ventilator: createVentilator(profile, random.fork('ventilator')),
    oximeter: createSecondOximeter(random.fork('oximeter')),
  };
  return {
    /** Call once for each second, in order. A device that is silent goes on measuring. */
    observe(seen: Observation, lapse: Lapse | undefined): CompanionValues {
      const fails = (device: BedDevice, kind: Lapse['kind']) => lapse?.device === device && lapse.kind === kind;
      const values = recordOf(COMPANION_ROLES, (role) => companions[role](seen, fails(role, 'probe-off')));
      return Object.fromEntries(
        Object.entries(values).filter(([role]) => lapse?.device !== role || lapse.kind !== 'silent'),
      );
    },
  };
};
