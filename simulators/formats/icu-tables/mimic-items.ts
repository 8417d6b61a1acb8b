import type { VitalId } from '#domain/vitals.ts';

/**
 * The items of MIMIC-III and MIMIC-IV that are vitals, with the unit that an item has by its definition. It stands in where a
 * row states none.
 * @see https://github.com/MIT-LCP/mimic-code concepts: vitalsign.sql, ventilator_setting.sql, vitals_first_day.sql
 */
export type MimicItem = { readonly id: VitalId; readonly unit?: string; readonly label: string };

const item = (id: VitalId, label: string, unit?: string): MimicItem => ({
  id,
  label,
  ...(unit === undefined ? {} : { unit }),
});

export const MIMIC_ITEMS: Readonly<Record<string, MimicItem>> = {
  220045: item('heart-rate', 'Heart Rate', '/min'),
  220050: item('abp-systolic', 'Arterial Blood Pressure systolic', 'mmHg'),
  220051: item('abp-diastolic', 'Arterial Blood Pressure diastolic', 'mmHg'),
  220052: item('abp-mean', 'Arterial Blood Pressure mean', 'mmHg'),
  225309: item('abp-systolic', 'ART BP Systolic', 'mmHg'),
  225310: item('abp-diastolic', 'ART BP Diastolic', 'mmHg'),
  225312: item('abp-mean', 'ART BP Mean', 'mmHg'),
  220179: item('nibp-systolic', 'Non Invasive Blood Pressure systolic', 'mmHg'),
  220180: item('nibp-diastolic', 'Non Invasive Blood Pressure diastolic', 'mmHg'),
  220181: item('nibp-mean', 'Non Invasive Blood Pressure mean', 'mmHg'),
  220210: item('respiratory-rate', 'Respiratory Rate', '/min'),
  224690: item('ventilator-respiratory-rate', 'Respiratory Rate (Total)', '/min'),
  220277: item('spo2', 'O2 saturation pulseoxymetry', '%'),
  223761: item('temperature', 'Temperature Fahrenheit', 'degF'),
  223762: item('temperature', 'Temperature Celsius', 'Cel'),
  220765: item('icp', 'Intra Cranial Pressure', 'mmHg'),
  // Whether it is a fraction or per cent is not told: without a unit the station takes only what cannot be a fraction.
  223835: item('fio2', 'Inspired O2 Fraction'),
  224687: item('minute-volume', 'Minute Volume', 'L/min'),
  220339: item('peep', 'PEEP set', 'cmH2O'),
  224695: item('peak-pressure', 'Peak Insp. Pressure', 'cmH2O'),
  224696: item('plateau-pressure', 'Plateau Pressure', 'cmH2O'),
  // MIMIC-III, CareVue.
  211: item('heart-rate', 'Heart Rate', '/min'),
  51: item('abp-systolic', 'Arterial BP [Systolic]', 'mmHg'),
  8368: item('abp-diastolic', 'Arterial BP [Diastolic]', 'mmHg'),
  52: item('abp-mean', 'Arterial BP Mean', 'mmHg'),
  455: item('nibp-systolic', 'NBP [Systolic]', 'mmHg'),
  8441: item('nibp-diastolic', 'NBP [Diastolic]', 'mmHg'),
  456: item('nibp-mean', 'NBP Mean', 'mmHg'),
  618: item('respiratory-rate', 'Respiratory Rate', '/min'),
  615: item('ventilator-respiratory-rate', 'Resp Rate (Total)', '/min'),
  646: item('spo2', 'SpO2', '%'),
  678: item('temperature', 'Temperature F', 'degF'),
  676: item('temperature', 'Temperature C', 'Cel'),
};

/** What the tables write for a unit, and what it is: some of its signs did not survive an export. */
export const MIMIC_UNITS: Readonly<Record<string, string>> = {
  'insp/min': '/min',
  '?F': 'degF',
  '?C': 'Cel',
  'Deg. F': 'degF',
  'Deg. C': 'Cel',
};
