import { ECG } from './waveforms/ecg.ts';
import type { WaveEntry } from './waveforms/entry.ts';
import { OTHER_WAVES } from './waveforms/others.ts';

/** The waveform catalogue, built like the vital-sign catalogue. MDC codes: ISO/IEEE 11073-10101. */
export const WAVES = { ...ECG, ...OTHER_WAVES } as const satisfies Record<string, WaveEntry>;

export type WaveId = keyof typeof WAVES;

export const WAVE_IDS = Object.keys(WAVES) as WaveId[];

export const wave = (id: WaveId): WaveEntry => WAVES[id];

const byKey = new Map<string, WaveId>(
  WAVE_IDS.flatMap((id) => {
    const row = wave(id);
    const keys = [id, row.mdcId, String(row.mdc), ...(row.loinc ? [row.loinc] : []), ...row.aliases];
    return keys.map((key) => [key, id] as const);
  }),
);

const byMdc = new Map<number, WaveId>(WAVE_IDS.map((id) => [wave(id).mdc, id]));

/**
 * The waveform of a payload key (catalogue id, MDC reference id, MDC code or LOINC code); undefined when the key is
 * unknown.
 */
export const findWave = (key: string): WaveId | undefined => byKey.get(key);

export const waveByMdc = (mdc: number): WaveId | undefined => byMdc.get(mdc);

/**
 * The rank of a key among the codes of one waveform, the most trusted first: its own codes, then the aliases in the
 * order of the catalogue.
 */
export const rankOfWaveKey = (id: WaveId, key: string): number => {
  const { mdcId, mdc, loinc, aliases } = wave(id);
  return key === id ? 0 : [mdcId, String(mdc), loinc, ...aliases].indexOf(key) + 1;
};
