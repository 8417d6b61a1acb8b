import type { BodyKey } from '../profiles.ts';

/** What the monitor takes the rhythm for; `lead-off`: it has no ECG. */
export type Rhythm = 'sinus' | 'vt' | 'vf' | 'af' | 'lead-off';

/** How well the sensors sit, and what the monitor makes of it. */
export type Sensors = {
  /** 0 none, 1 unusable: movement on every signal. */
  readonly noise: number;
  readonly spo2Probe: 'on' | 'off';
  /** `frozen`: the monitor sends its last numbers again and again, and no waveforms. */
  readonly numbers: 'live' | 'frozen';
  /** Anything but `sinus` is an alarm of the monitor itself. */
  readonly rhythm: Rhythm;
};

/**
 * One row: from this minute on, these things differ from the patient's resting state. `times` multiplies it, `plus`
 * adds to it; numbers run straight from row to row, words change at the row. What a row does not name stays as it
 * was in the row before.
 */
export type ScenarioRow = {
  readonly minute: number;
  readonly times?: Partial<Record<BodyKey, number>>;
  readonly plus?: Partial<Record<BodyKey, number>>;
} & Partial<Sensors>;

export type Scenario = {
  readonly summary: string;
  readonly rows: readonly [ScenarioRow, ...ScenarioRow[]];
  /** Begins again after this long; without it the last row stays for good. */
  readonly repeatsAfterMinutes?: number;
};
