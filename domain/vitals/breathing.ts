import { NO_LIMITS, type VitalEntry } from './entry.ts';

/**
 * What a ventilator or an analyser of airway gas measures and sets. Codes: Philips' table of terms, a table of Mindray,
 * and the ventilation value sets of the MII ICU module. No limits: the ventilator watches itself, and what is right for a
 * patient is the site's to say.
 */

type Rate = VitalEntry & { readonly unit: '/min'; readonly feeds: 'respiratory-rate' };
type Codes = Pick<VitalEntry, 'mdc' | 'mdcId' | 'loinc' | 'aliases'>;

/** Breaths counted in one way. Its alarms, apnoea too, are those of `respiratory-rate`, which it feeds. */
const rate = (names: Pick<VitalEntry, 'label' | 'short'>, codes: Codes): Rate => ({
  ...codes,
  ...names,
  unit: '/min',
  plausible: [0, 200],
  hysteresis: 1,
  feeds: 'respiratory-rate',
  decimals: 0,
  measured: 'continuous',
  limits: NO_LIMITS,
  presetRevision: 4,
  colour: '#ffd54f',
});

type AirwayPressure = VitalEntry & { readonly unit: 'cm[H2O]' };

const airwayPressure = (names: Pick<VitalEntry, 'label' | 'short'>, codes: Codes): AirwayPressure => ({
  ...codes,
  ...names,
  unit: 'cm[H2O]',
  plausible: [-60, 150],
  hysteresis: 1,
  decimals: 0,
  measured: 'continuous',
  limits: NO_LIMITS,
  presetRevision: 4,
  colour: '#a5d6a7',
});

export const BREATHING = {
  // The order of the sources is that of their trust: `rankOfKey`.
  'impedance-respiratory-rate': rate(
    { label: { en: 'Respiratory rate, impedance', zh: '呼吸率（阻抗）' }, short: 'RR imp' },
    { mdc: 151578, mdcId: 'MDC_TTHOR_RESP_RATE', loinc: '76270-8', aliases: [] },
  ),
  'co2-respiratory-rate': rate(
    { label: { en: 'Respiratory rate, airway CO₂', zh: '呼吸率（气道 CO₂）' }, short: 'RR CO₂' },
    { mdc: 151594, mdcId: 'MDC_CO2_RESP_RATE', loinc: '76172-6', aliases: ['MDC_AWAY_RESP_RATE', '151570'] },
  ),
  'ventilator-respiratory-rate': rate(
    { label: { en: 'Respiratory rate, ventilator', zh: '呼吸率（呼吸机）' }, short: 'RR vent' },
    { mdc: 151586, mdcId: 'MDC_VENT_RESP_RATE', loinc: '33438-3', aliases: [] },
  ),
  'tidal-volume': {
    mdc: 151868,
    mdcId: 'MDC_VOL_AWAY_TIDAL',
    loinc: '76222-9',
    aliases: ['MDC_VENT_VOL_TIDAL', '151980'],
    unit: 'mL',
    label: { en: 'Tidal volume', zh: '潮气量' },
    short: 'VT',
    plausible: [0, 5_000],
    // Litres: no breath is of 5 mL, and none of a newborn of less than a millilitre.
    questioned: [0, 3],
    hysteresis: 10,
    decimals: 0,
    measured: 'continuous',
    limits: NO_LIMITS,
    presetRevision: 4,
    colour: '#a5d6a7',
  },
  'minute-volume': {
    mdc: 151880,
    mdcId: 'MDC_VOL_MINUTE_AWAY',
    // 76009-0 is the inspired one alone.
    loinc: null,
    aliases: [
      'MDC_VENT_VOL_MINUTE_AWAY',
      '152008',
      'MDC_VOL_MINUTE_AWAY_EXP',
      '151884',
      'MDC_VENT_VOL_MINUTE_EXP',
      '152000',
    ],
    unit: 'L/min',
    label: { en: 'Minute volume', zh: '分钟通气量' },
    short: 'MV',
    plausible: [0, 150],
    hysteresis: 0.2,
    decimals: 1,
    measured: 'continuous',
    limits: NO_LIMITS,
    presetRevision: 4,
    colour: '#a5d6a7',
  },
  peep: airwayPressure(
    { label: { en: 'End-expiratory pressure', zh: '呼气末正压' }, short: 'PEEP' },
    {
      mdc: 151976,
      mdcId: 'MDC_VENT_PRESS_AWAY_END_EXP_POS',
      loinc: '76248-4',
      aliases: ['MDC_PRESS_AWAY_END_EXP_POS', '151804'],
    },
  ),
  'peak-pressure': airwayPressure(
    { label: { en: 'Peak airway pressure', zh: '气道峰压' }, short: 'Ppeak' },
    {
      mdc: 151817,
      mdcId: 'MDC_PRESS_AWAY_INSP_MAX',
      loinc: '76531-3',
      aliases: ['MDC_PRESS_AWAY_INSP_PEAK', 'MDC_VENT_PRESS_MAX', '151957', '151973'],
    },
  ),
  'plateau-pressure': airwayPressure(
    { label: { en: 'Plateau pressure', zh: '平台压' }, short: 'Pplat' },
    {
      mdc: 151784,
      mdcId: 'MDC_PRESS_RESP_PLAT',
      loinc: '76259-1',
      aliases: ['MDC_VENT_PRESS_RESP_PLAT', '152424'],
    },
  ),
  'fio2-set': {
    // [?] Philips' term for the oxygen of a ventilator; 19994-3 says for certain that it is the one that is set.
    mdc: 160920,
    mdcId: 'MDC_VENT_CONC_AWAY_O2_INSP',
    loinc: '19994-3',
    aliases: [],
    unit: '%',
    label: { en: 'Inspired oxygen, set', zh: '吸入氧浓度（设定）' },
    short: 'FiO₂ set',
    plausible: [0, 100],
    questioned: [0, 1],
    hysteresis: 1,
    feeds: 'fio2',
    decimals: 0,
    measured: 'continuous',
    limits: NO_LIMITS,
    presetRevision: 4,
    colour: '#a5d6a7',
  },
} as const satisfies Record<string, VitalEntry>;
