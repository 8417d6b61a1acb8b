/** What a row of the waveform catalogue says. */
export type WaveEntry = {
  readonly mdc: number;
  readonly mdcId: string;
  readonly loinc: string | null;
  readonly aliases: readonly string[];
  /** The unit in UCUM; every stored sample is in it. */
  readonly unit: string;
  readonly label: { readonly en: string; readonly zh: string };
  readonly plausible: readonly [min: number, max: number];
  /**
   * A sample further from 0 than this is taken to be in another unit, unless its unit is sent: a surface ECG stays
   * within a few mV.
   */
  readonly questionedBeyond?: number;
  readonly colour: string;
};
