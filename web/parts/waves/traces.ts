import type { WaveId } from '#domain/waveforms.ts';
import type { Scale } from './sweep.ts';

/**
 * What each wave spans at least from bottom to top, in its own unit: noise on a flat line must look like a flat line. A
 * normal complex of an ECG fills most of 1.5 mV.
 */
export const LEAST_SPAN: Readonly<Record<WaveId, number>> = {
  'ecg-i': 1.5,
  'ecg-ii': 1.5,
  'ecg-iii': 1.5,
  'ecg-v': 1.5,
  'ecg-avr': 1.5,
  'ecg-avl': 1.5,
  'ecg-avf': 1.5,
  'ecg-v1': 1.5,
  'ecg-v2': 1.5,
  'ecg-v3': 1.5,
  'ecg-v4': 1.5,
  'ecg-v5': 1.5,
  'ecg-v6': 1.5,
  'ecg-mcl': 1.5,
  'ecg-mcl1': 1.5,
  ecg: 1.5,
  pleth: 0.2,
  resp: 0.5,
  abp: 40,
  co2: 20,
  pap: 20,
  'cvp-wave': 10,
  'icp-wave': 10,
  'airway-pressure': 10,
  'airway-flow': 20,
  'airway-volume': 200,
};

/** The traces of a tile: which signals each may show, the best first. */
export const TRACES = {
  ecg: [
    'ecg-ii',
    'ecg-i',
    'ecg-v',
    'ecg-iii',
    'ecg-v5',
    'ecg-mcl1',
    'ecg-v1',
    'ecg-v2',
    'ecg-v3',
    'ecg-v4',
    'ecg-v6',
    'ecg-mcl',
    'ecg-avf',
    'ecg-avl',
    'ecg-avr',
    'ecg',
  ],
  pleth: ['pleth'],
} as const satisfies Record<string, readonly WaveId[]>;

export type TraceKey = keyof typeof TRACES;

export const TRACE_KEYS = Object.keys(TRACES) as TraceKey[];

/** What a trace shows at the moment; both undefined when nothing. `scale` is in the unit of the signal. */
export type TraceStatus = { readonly wave: WaveId | undefined; readonly scale: Scale | undefined };

export const NO_TRACE: TraceStatus = { wave: undefined, scale: undefined };
