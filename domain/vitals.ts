/**
 * The vital-sign catalogue: the one table from which labels, codes, units, ranges, limits, decimals and colours derive.
 * MDC codes are ISO/IEEE 11073-10101 context-free codes; `loinc` is the specific code, and `aliases` are other codes
 * that real senders use for the same vital. Default limits: Mindray/Contec/Philips presets as compiled in the project's
 * clinical reference. They are starting points for a site to configure, not advice. `null`: no default limit is
 * established.
 */

export const AGE_GROUPS = ['adult', 'paediatric', 'neonatal'] as const;
export type AgeGroup = (typeof AGE_GROUPS)[number];

export type Limits = { readonly low: number | null; readonly high: number | null };

/** How often a vital is normally measured; this decides when its value is old and when it is blanked. */
export type MeasurementClass = 'continuous' | 'intermittent';

type VitalEntry = {
  readonly mdc: number;
  readonly mdcId: string;
  readonly loinc: string;
  readonly aliases: readonly string[];
  /** The unit in UCUM; every stored value is in it. */
  readonly unit: string;
  readonly label: { readonly en: string; readonly zh: string };
  readonly short: string;
  /** The range that an instrument can report at all; a reading outside it is rejected as implausible. */
  readonly plausible: readonly [min: number, max: number];
  /**
   * Values above the first number and up to the second that no instrument gives in this unit, but many give in another
   * (0.97 for 97 %, 16 kPa). They are refused when no unit is sent with them. A vital has such a range only where it
   * hides no true value: an arterial pressure of 16 is real.
   */
  readonly questioned?: readonly [above: number, upTo: number];
  readonly decimals: number;
  readonly measured: MeasurementClass;
  readonly limits: Readonly<Record<AgeGroup, Limits>>;
  /** The revision of the presets that added the vital or changed its limits; absent: one of the first two. */
  readonly presetRevision?: number;
  readonly colour: string;
};

const limits = (adult: [number | null, number | null], paediatric = adult, neonatal = paediatric) => ({
  adult: { low: adult[0], high: adult[1] },
  paediatric: { low: paediatric[0], high: paediatric[1] },
  neonatal: { low: neonatal[0], high: neonatal[1] },
});

export const VITALS = {
  'heart-rate': {
    mdc: 147842,
    mdcId: 'MDC_ECG_HEART_RATE',
    loinc: '8867-4',
    aliases: [],
    unit: '/min',
    label: { en: 'Heart rate', zh: '心率' },
    short: 'HR',
    plausible: [0, 350],
    decimals: 0,
    measured: 'continuous',
    limits: limits([50, 120], [75, 160], [100, 200]),
    colour: '#3ddc84',
  },
  'pulse-rate': {
    mdc: 149530,
    mdcId: 'MDC_PULS_OXIM_PULS_RATE',
    loinc: '8889-8',
    aliases: ['MDC_PULS_RATE', '149514', 'MDC_PULS_RATE_NON_INV', '149546', 'MDC_PLETH_PULS_RATE', '149538'],
    unit: '/min',
    label: { en: 'Pulse rate', zh: '脉率' },
    short: 'PR',
    plausible: [0, 350],
    decimals: 0,
    measured: 'continuous',
    limits: limits([50, 120], [75, 160], [100, 200]),
    colour: '#4fc3f7',
  },
  spo2: {
    mdc: 150456,
    mdcId: 'MDC_PULS_OXIM_SAT_O2',
    loinc: '59408-5',
    aliases: ['2708-6'],
    unit: '%',
    label: { en: 'Oxygen saturation', zh: '血氧饱和度' },
    short: 'SpO₂',
    plausible: [0, 100],
    questioned: [0, 1],
    decimals: 0,
    measured: 'continuous',
    limits: limits([90, 100], [90, 100], [85, 95]),
    colour: '#4fc3f7',
  },
  'respiratory-rate': {
    mdc: 151562,
    mdcId: 'MDC_RESP_RATE',
    loinc: '9279-1',
    aliases: [
      'MDC_TTHOR_RESP_RATE',
      '151578',
      '76270-8',
      'MDC_CO2_RESP_RATE',
      '151594',
      '76172-6',
      'MDC_AWAY_RESP_RATE',
      '151570',
      'MDC_VENT_RESP_RATE',
      '151586',
    ],
    unit: '/min',
    label: { en: 'Respiratory rate', zh: '呼吸率' },
    short: 'RR',
    plausible: [0, 200],
    decimals: 0,
    measured: 'continuous',
    limits: limits([8, 30], [8, 30], [30, 100]),
    colour: '#ffd54f',
  },
  'nibp-systolic': {
    mdc: 150021,
    mdcId: 'MDC_PRESS_BLD_NONINV_SYS',
    loinc: '76534-7',
    aliases: ['8480-6', 'MDC_PRESS_CUFF_SYS', '150301'],
    unit: 'mm[Hg]',
    label: { en: 'NIBP systolic', zh: '无创收缩压' },
    short: 'NIBP-S',
    plausible: [0, 300],
    // Cuffs begin at about 30, 10 and 20 mmHg (systolic, diastolic, mean), on neonates too.
    questioned: [0, 25],
    decimals: 0,
    measured: 'intermittent',
    limits: limits([90, 160], [70, 120], [40, 90]),
    colour: '#e0e0e0',
  },
  'nibp-diastolic': {
    mdc: 150022,
    mdcId: 'MDC_PRESS_BLD_NONINV_DIA',
    loinc: '76535-4',
    aliases: ['8462-4', 'MDC_PRESS_CUFF_DIA', '150302'],
    unit: 'mm[Hg]',
    label: { en: 'NIBP diastolic', zh: '无创舒张压' },
    short: 'NIBP-D',
    plausible: [0, 300],
    questioned: [0, 9],
    decimals: 0,
    measured: 'intermittent',
    limits: limits([50, 90], [40, 70], [20, 60]),
    colour: '#e0e0e0',
  },
  'nibp-mean': {
    mdc: 150023,
    mdcId: 'MDC_PRESS_BLD_NONINV_MEAN',
    loinc: '76536-2',
    aliases: ['8478-0', 'MDC_PRESS_CUFF_MEAN', '150303'],
    unit: 'mm[Hg]',
    label: { en: 'NIBP mean', zh: '无创平均压' },
    short: 'NIBP-M',
    plausible: [0, 300],
    questioned: [0, 18],
    decimals: 0,
    measured: 'intermittent',
    limits: limits([60, 110], [50, 90], [24, 70]),
    colour: '#e0e0e0',
  },
  'abp-systolic': {
    mdc: 150037,
    mdcId: 'MDC_PRESS_BLD_ART_ABP_SYS',
    loinc: '76215-3',
    aliases: ['MDC_PRESS_BLD_ART_SYS', '150033'],
    unit: 'mm[Hg]',
    label: { en: 'Arterial systolic', zh: '有创收缩压' },
    short: 'ABP-S',
    plausible: [-50, 400],
    decimals: 0,
    measured: 'continuous',
    limits: limits([90, 160], [70, 120], [40, 90]),
    colour: '#ff6b6b',
  },
  'abp-diastolic': {
    mdc: 150038,
    mdcId: 'MDC_PRESS_BLD_ART_ABP_DIA',
    loinc: '76213-8',
    aliases: ['MDC_PRESS_BLD_ART_DIA', '150034'],
    unit: 'mm[Hg]',
    label: { en: 'Arterial diastolic', zh: '有创舒张压' },
    short: 'ABP-D',
    plausible: [-50, 400],
    decimals: 0,
    measured: 'continuous',
    limits: limits([50, 90], [40, 70], [20, 60]),
    colour: '#ff6b6b',
  },
  'abp-mean': {
    mdc: 150039,
    mdcId: 'MDC_PRESS_BLD_ART_ABP_MEAN',
    loinc: '76214-6',
    aliases: ['MDC_PRESS_BLD_ART_MEAN', '150035'],
    unit: 'mm[Hg]',
    label: { en: 'Arterial mean', zh: '有创平均压' },
    short: 'ABP-M',
    plausible: [-50, 400],
    decimals: 0,
    measured: 'continuous',
    limits: limits([60, 110], [50, 90], [24, 70]),
    colour: '#ff6b6b',
  },
  cvp: {
    mdc: 150084,
    mdcId: 'MDC_PRESS_BLD_VEN_CENT',
    loinc: '60985-9',
    aliases: ['MDC_PRESS_BLD_VEN_CENT_MEAN', '150087'],
    unit: 'mm[Hg]',
    label: { en: 'Central venous pressure', zh: '中心静脉压' },
    short: 'CVP',
    plausible: [-50, 100],
    decimals: 0,
    measured: 'continuous',
    limits: limits([0, 10]),
    colour: '#64b5f6',
  },
  icp: {
    mdc: 153608,
    mdcId: 'MDC_PRESS_INTRA_CRAN',
    loinc: '60956-0',
    aliases: ['MDC_PRESS_INTRA_CRAN_MEAN', '153611'],
    unit: 'mm[Hg]',
    label: { en: 'Intracranial pressure', zh: '颅内压' },
    short: 'ICP',
    plausible: [-20, 150],
    decimals: 0,
    measured: 'continuous',
    // Which pressure is high for a child depends on its age, so the site has to set the limit.
    limits: limits([0, 20], [null, null]),
    presetRevision: 3,
    colour: '#ce93d8',
  },
  temperature: {
    mdc: 150344,
    mdcId: 'MDC_TEMP',
    loinc: '8310-5',
    aliases: [],
    unit: 'Cel',
    label: { en: 'Temperature', zh: '体温' },
    short: 'Temp',
    plausible: [10, 50],
    decimals: 1,
    measured: 'intermittent',
    limits: limits([36, 39]),
    colour: '#f48fb1',
  },
  etco2: {
    mdc: 151708,
    mdcId: 'MDC_CONC_AWAY_CO2_ET',
    loinc: '19891-1',
    aliases: ['MDC_AWAY_CO2_ET', '151728'],
    unit: 'mm[Hg]',
    label: { en: 'End-tidal CO₂', zh: '呼气末二氧化碳' },
    short: 'EtCO₂',
    plausible: [0, 150],
    decimals: 0,
    measured: 'continuous',
    limits: limits([15, 50]),
    colour: '#fff176',
  },
  fio2: {
    mdc: 152196,
    mdcId: 'MDC_CONC_AWAY_O2_INSP',
    loinc: '3150-0',
    aliases: ['19994-3', '71835-3'],
    unit: '%',
    label: { en: 'Inspired oxygen', zh: '吸入氧浓度' },
    short: 'FiO₂',
    plausible: [0, 100],
    questioned: [0, 1],
    decimals: 0,
    measured: 'continuous',
    limits: limits([20, null]),
    colour: '#a5d6a7',
  },
  'perfusion-index': {
    mdc: 150488,
    mdcId: 'MDC_BLD_PERF_INDEX',
    loinc: '61006-3',
    aliases: ['MDC_PULS_OXIM_PERF_REL', '150448'],
    unit: '%',
    label: { en: 'Perfusion index', zh: '灌注指数' },
    short: 'PI',
    plausible: [0, 30],
    decimals: 1,
    measured: 'continuous',
    limits: limits([null, null]),
    colour: '#4fc3f7',
  },
} as const satisfies Record<string, VitalEntry>;

export type VitalId = keyof typeof VITALS;

export const VITAL_IDS = Object.keys(VITALS) as VitalId[];

/** The units in which vitals are stored. */
export type VitalUnit = (typeof VITALS)[VitalId]['unit'];

/** The catalogue row, widened from its literal types so that callers may compare and compute freely. */
export const vital = (id: VitalId): VitalEntry & { readonly unit: VitalUnit } => VITALS[id];

const byKey = new Map<string, VitalId>(
  VITAL_IDS.flatMap((id) => {
    const row = vital(id);
    return [id, row.mdcId, String(row.mdc), row.loinc, ...row.aliases].map((key) => [key, id] as const);
  }),
);

const byMdc = new Map<number, VitalId>(VITAL_IDS.map((id) => [vital(id).mdc, id]));

/**
 * The vital of a payload key (catalogue id, MDC reference id, MDC code or LOINC code); undefined when the key is
 * unknown.
 */
export const findVital = (key: string): VitalId | undefined => byKey.get(key);

/** The vital of an MDC code, as the journal keeps it; undefined when the code is unknown. */
export const vitalByMdc = (mdc: number): VitalId | undefined => byMdc.get(mdc);

/**
 * The rank of a key among the codes of one vital, the most trusted first: the vital's own codes, then the aliases in
 * the order of the catalogue.
 */
export const rankOfKey = (id: VitalId, key: string): number => {
  const { mdcId, mdc, loinc, aliases } = vital(id);
  return key === id ? 0 : [mdcId, String(mdc), loinc, ...aliases].indexOf(key) + 1;
};

/**
 * How worrying a value is when nothing is known about the patient: the sum of its distances outside the default limits
 * of each age group, in widths of those limits. A value that should be above 0 and is not worries most, because
 * something has stopped. The number only serves to choose between two values.
 */
export const concernOf = (id: VitalId, value: number): number => {
  const { limits: byAge } = vital(id);
  if (value <= 0 && (byAge.adult.low ?? 0) > 0) return Number.POSITIVE_INFINITY;
  let concern = 0;
  for (const age of AGE_GROUPS) {
    const { low, high } = byAge[age];
    const width = low !== null && high !== null && high > low ? high - low : 1;
    if (low !== null && value < low) concern += (low - value) / width;
    if (high !== null && value > high) concern += (value - high) / width;
  }
  return concern;
};
