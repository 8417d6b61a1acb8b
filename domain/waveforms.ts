/** The waveform catalogue, built like the vital-sign catalogue. MDC codes: ISO/IEEE 11073-10101. */

type WaveEntry = {
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

export const WAVES = {
  'ecg-i': {
    mdc: 131329,
    mdcId: 'MDC_ECG_ELEC_POTL_I',
    loinc: null,
    aliases: [],
    unit: 'mV',
    label: { en: 'ECG I', zh: '心电 I' },
    plausible: [-50, 50],
    questionedBeyond: 10,
    colour: '#3ddc84',
  },
  'ecg-ii': {
    mdc: 131330,
    mdcId: 'MDC_ECG_ELEC_POTL_II',
    loinc: null,
    aliases: [],
    unit: 'mV',
    label: { en: 'ECG II', zh: '心电 II' },
    plausible: [-50, 50],
    questionedBeyond: 10,
    colour: '#3ddc84',
  },
  'ecg-iii': {
    mdc: 131389,
    mdcId: 'MDC_ECG_ELEC_POTL_III',
    loinc: null,
    aliases: [],
    unit: 'mV',
    label: { en: 'ECG III', zh: '心电 III' },
    plausible: [-50, 50],
    questionedBeyond: 10,
    colour: '#3ddc84',
  },
  'ecg-v': {
    mdc: 131395,
    mdcId: 'MDC_ECG_ELEC_POTL_V',
    loinc: null,
    aliases: [],
    unit: 'mV',
    label: { en: 'ECG V', zh: '心电 V' },
    plausible: [-50, 50],
    questionedBeyond: 10,
    colour: '#3ddc84',
  },
  pleth: {
    mdc: 150452,
    mdcId: 'MDC_PULS_OXIM_PLETH',
    loinc: '76523-0',
    aliases: [],
    unit: '1',
    label: { en: 'Pleth', zh: '脉搏容积波' },
    plausible: [-100, 100],
    colour: '#4fc3f7',
  },
  resp: {
    mdc: 151780,
    mdcId: 'MDC_IMPED_TTHOR',
    loinc: null,
    aliases: ['151552'],
    unit: 'Ohm',
    label: { en: 'Respiration', zh: '呼吸波' },
    plausible: [-10_000, 10_000],
    colour: '#ffd54f',
  },
  abp: {
    mdc: 150036,
    mdcId: 'MDC_PRESS_BLD_ART_ABP',
    loinc: '76212-0',
    aliases: [],
    unit: 'mm[Hg]',
    label: { en: 'Arterial pressure', zh: '有创动脉压' },
    plausible: [-50, 400],
    colour: '#ff6b6b',
  },
  co2: {
    mdc: 151700,
    mdcId: 'MDC_CONC_AWAY_CO2',
    loinc: null,
    aliases: ['MDC_AWAY_CO2', '151724'],
    unit: 'mm[Hg]',
    label: { en: 'CO₂', zh: '二氧化碳波' },
    plausible: [-10, 200],
    colour: '#fff176',
  },
} as const satisfies Record<string, WaveEntry>;

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
