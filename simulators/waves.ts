import type { WaveInput } from '#contracts/mqtt/messages.ts';
import type { WaveId } from '#domain/waveforms.ts';
import type { Equipment } from './monitor.ts';
import type { BodyState } from './profiles.ts';
import type { Random } from './random.ts';
import type { Sensors } from './scenarios/scenario.ts';
import type { Cycle } from './signals/cycles.ts';
import { createEcg } from './signals/ecg.ts';
import { pulseWave } from './signals/pleth.ts';
import { airwayCo2, breathPhase, impedance, lungVolume } from './signals/respiration.ts';

export type WaveBlocks = Partial<Record<WaveId, WaveInput>>;

type Second = {
  readonly fromMs: number;
  /** Recent ones, up to those open at the end of the second. */
  readonly beats: readonly Cycle[];
  readonly breaths: readonly Cycle[];
  readonly body: BodyState;
  readonly sensors: Sensors;
};

const RATE_HZ = { 'ecg-ii': 250, pleth: 125, resp: 50, abp: 125, co2: 50 } as const satisfies Partial<
  Record<WaveId, number>
>;
/** The time of a pulse from the heart to the finger, and to the radial artery. */
const TRANSIT_MS = { pleth: 220, abp: 90 } as const;
/** Perfusion at which the pleth fills its scale of 0 to 1. */
const FULL_PERFUSION = 4;
const ECG_HUM_MV = 0.006;
const MOVEMENT_MV = 0.45;

const round = (value: number, step: number): number => Math.round(value * step) / step;

/** The waveforms of a bed in blocks of one second. */
export const createWaves = ({ equipment, random }: { equipment: Equipment; random: Random }) => {
  const ecg = createEcg({ startMs: 0, rate: RATE_HZ['ecg-ii'] });
  // Movement is slow against a sample: the noise is smoothed from one to the next.
  let movement = 0;
  const move = (noise: number): number => {
    movement = 0.9 * movement + noise * random.normal() * 0.44;
    return movement;
  };

  const block = (rate: number, unit: string, fromMs: number, step: number, at: (ms: number) => number): WaveInput => ({
    rate,
    unit,
    samples: Array.from({ length: rate }, (_, index) => round(at(fromMs + (index * 1_000) / rate), step)),
  });

  return {
    /** Call for every second from 0 on, in order. */
    second({ fromMs, beats, breaths, body, sensors }: Second): WaveBlocks {
      const { noise } = sensors;
      const phase = (atMs: number) => breathPhase(breaths, atMs);
      const samples = ecg.next(RATE_HZ['ecg-ii'], beats, (atMs) => lungVolume(phase(atMs)));
      const heart: WaveInput = {
        rate: RATE_HZ['ecg-ii'],
        unit: 'mV',
        samples: samples.map((mV) => round(mV + ECG_HUM_MV * random.normal() + MOVEMENT_MV * move(noise), 1_000)),
      };
      const scale = Math.min(1.5, body.perfusion / FULL_PERFUSION);
      const pleth = (atMs: number) =>
        scale * pulseWave(beats, atMs, TRANSIT_MS.pleth) * (1 - 0.08 * lungVolume(phase(atMs))) + 0.3 * move(noise);
      const pressure = (atMs: number) =>
        body.diastolic + (body.systolic - body.diastolic) * pulseWave(beats, atMs, TRANSIT_MS.abp);
      return {
        'ecg-ii': heart,
        ...(sensors.spo2Probe === 'on' ? { pleth: block(RATE_HZ.pleth, '1', fromMs, 1_000, pleth) } : {}),
        resp: block(RATE_HZ.resp, 'Ohm', fromMs, 1_000, (atMs) => impedance(phase(atMs)) + 0.5 * move(noise)),
        ...(equipment.arterialLine ? { abp: block(RATE_HZ.abp, 'mm[Hg]', fromMs, 10, pressure) } : {}),
        ...(equipment.capnography
          ? { co2: block(RATE_HZ.co2, 'mm[Hg]', fromMs, 10, (atMs) => airwayCo2(phase(atMs), body.etco2)) }
          : {}),
      };
    },
  };
};
