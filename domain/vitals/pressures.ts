import { limits, NO_LIMITS, type VitalEntry } from './entry.ts';

/**
 * The pressures of the pulmonary artery. Codes: the monitoring value sets of the MII ICU module, and Philips' table of
 * terms; limits of adults: LIFEPAK 15. A child's depend on its age and its heart, so the site has to set them.
 */
export const PULMONARY = {
  'pap-systolic': {
    mdc: 150045,
    mdcId: 'MDC_PRESS_BLD_ART_PULM_SYS',
    loinc: '8440-0',
    aliases: [],
    unit: 'mm[Hg]',
    label: { en: 'Pulmonary systolic', zh: '肺动脉收缩压' },
    short: 'PAP-S',
    plausible: [-50, 300],
    decimals: 0,
    measured: 'continuous',
    limits: limits([10, 40], [null, null]),
    presetRevision: 4,
    colour: '#ffb74d',
  },
  'pap-diastolic': {
    mdc: 150046,
    mdcId: 'MDC_PRESS_BLD_ART_PULM_DIA',
    loinc: '8385-7',
    aliases: [],
    unit: 'mm[Hg]',
    label: { en: 'Pulmonary diastolic', zh: '肺动脉舒张压' },
    short: 'PAP-D',
    plausible: [-50, 300],
    decimals: 0,
    measured: 'continuous',
    limits: limits([0, 18], [null, null]),
    presetRevision: 4,
    colour: '#ffb74d',
  },
  'pap-mean': {
    mdc: 150047,
    mdcId: 'MDC_PRESS_BLD_ART_PULM_MEAN',
    loinc: '8414-5',
    aliases: [],
    unit: 'mm[Hg]',
    label: { en: 'Pulmonary mean', zh: '肺动脉平均压' },
    short: 'PAP-M',
    plausible: [-50, 300],
    decimals: 0,
    measured: 'continuous',
    limits: NO_LIMITS,
    presetRevision: 4,
    colour: '#ffb74d',
  },
} as const satisfies Record<string, VitalEntry>;
