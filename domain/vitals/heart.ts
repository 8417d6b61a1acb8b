import { NO_LIMITS, type VitalEntry } from './entry.ts';

/**
 * Vitals that are measured in the electrocardiogram. Codes: the project's clinical reference; where a lead has two
 * sources that differ, it says which was taken. No LOINC code of an ST level is confirmed.
 */

type St = VitalEntry & { readonly unit: 'mV' };

/**
 * The ST level of one lead. Monitors send it in mm as often as in mV, and 1.5 mm taken for 1.5 mV would be tenfold: it is
 * refused without its unit.
 */
const st = (lead: string, mdc: number, mdcId: string): St => ({
  mdc,
  mdcId,
  loinc: null,
  aliases: [],
  unit: 'mV',
  label: { en: `ST level ${lead}`, zh: `ST 段 ${lead}` },
  short: `ST-${lead}`,
  plausible: [-3, 3],
  questioned: [Number.NEGATIVE_INFINITY, 3],
  hysteresis: 0.02,
  decimals: 2,
  measured: 'continuous',
  limits: NO_LIMITS,
  presetRevision: 4,
  colour: '#3ddc84',
});

export const HEART = {
  'st-i': st('I', 131841, 'MDC_ECG_AMPL_ST_I'),
  'st-ii': st('II', 131842, 'MDC_ECG_AMPL_ST_II'),
  'st-iii': st('III', 131901, 'MDC_ECG_AMPL_ST_III'),
  'st-avr': st('aVR', 131902, 'MDC_ECG_AMPL_ST_AVR'),
  'st-avl': st('aVL', 131903, 'MDC_ECG_AMPL_ST_AVL'),
  'st-avf': st('aVF', 131904, 'MDC_ECG_AMPL_ST_AVF'),
  // [?] The code of Philips, which is the base and the lead's number; a table of Mindray prints 131927.
  'st-v': st('V', 131907, 'MDC_ECG_AMPL_ST_V'),
  'st-v1': st('V1', 131843, 'MDC_ECG_AMPL_ST_V1'),
  'st-v2': st('V2', 131844, 'MDC_ECG_AMPL_ST_V2'),
  'st-v3': st('V3', 131845, 'MDC_ECG_AMPL_ST_V3'),
  'st-v4': st('V4', 131846, 'MDC_ECG_AMPL_ST_V4'),
  'st-v5': st('V5', 131847, 'MDC_ECG_AMPL_ST_V5'),
  'st-v6': st('V6', 131848, 'MDC_ECG_AMPL_ST_V6'),
  'pvc-rate': {
    mdc: 148066,
    mdcId: 'MDC_ECG_V_P_C_RATE',
    loinc: null,
    aliases: [],
    unit: '/min',
    label: { en: 'Premature ventricular beats', zh: '室性早搏' },
    short: 'PVC',
    plausible: [0, 350],
    decimals: 0,
    measured: 'continuous',
    limits: NO_LIMITS,
    presetRevision: 4,
    colour: '#3ddc84',
  },
} as const satisfies Record<string, VitalEntry>;
