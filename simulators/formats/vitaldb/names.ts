import type { VitalId } from '#domain/vitals.ts';
import type { WaveId } from '#domain/waveforms.ts';

/**
 * What VitalDB calls the vitals and waveforms of the catalogue, without the device before them, where it is not what other
 * recordings call them too.
 * @see https://vitaldb.net/dataset/, the list of its tracks
 */
export const VITAL_TRACKS: Readonly<Record<string, VitalId>> = {
  PLETH_SPO2: 'spo2',
  PLETH_HR: 'pulse-rate',
  ART_SBP: 'abp-systolic',
  ART_DBP: 'abp-diastolic',
  ART_MBP: 'abp-mean',
  NIBP_SBP: 'nibp-systolic',
  NIBP_DBP: 'nibp-diastolic',
  NIBP_MBP: 'nibp-mean',
  PA_SBP: 'pap-systolic',
  PA_DBP: 'pap-diastolic',
  PA_MBP: 'pap-mean',
  BT: 'temperature',
  RR_CO2: 'co2-respiratory-rate',
  VENT_RR: 'ventilator-respiratory-rate',
  VENT_TV: 'tidal-volume',
  TV: 'tidal-volume',
  VENT_MV: 'minute-volume',
  MV: 'minute-volume',
  VENT_MEAS_PEEP: 'peep',
  PEEP_MBAR: 'peep',
  VENT_PIP: 'peak-pressure',
  PIP_MBAR: 'peak-pressure',
  VENT_PPLAT: 'plateau-pressure',
  PPLAT_MBAR: 'plateau-pressure',
  VENT_SET_FIO2: 'fio2-set',
  SET_FIO2: 'fio2-set',
  SVO2: 'svo2',
  BIS: 'bis',
  ST_I: 'st-i',
  ST_II: 'st-ii',
  ST_III: 'st-iii',
  ST_AVR: 'st-avr',
  ST_AVL: 'st-avl',
  ST_AVF: 'st-avf',
  ST_V5: 'st-v5',
};

export const WAVE_TRACKS: Readonly<Record<string, WaveId>> = {
  ECG_I: 'ecg-i',
  ECG_II: 'ecg-ii',
  ECG_III: 'ecg-iii',
  ECG_V: 'ecg-v',
  ECG_V5: 'ecg-v5',
  AWP: 'airway-pressure',
};
