import type { MonitorEventId } from '#domain/monitor-alarms/events.ts';

/** What is said of alarms that monitors report, in English. */
export const en = {
  marks: { monitor: 'Monitor', both: '+ Monitor' },
  unnamed: (number: string) => `Alarm ${number} of the monitor`,
  notConfirmed: 'not confirmed any more',
  notConfirmedAlarm: 'Alarms of the monitor are not confirmed any more',
  events: {
    MDC_EVT_ECG_ASYSTOLE: 'Asystole',
    MDC_EVT_APNEA: 'Apnoea',
    MDC_EVT_DESAT: 'Desaturation',
    MDC_EVT_LO_VAL_LT_LIM: 'low',
    MDC_EVT_HI: 'high',
    MDC_EVT_HI_VAL_GT_LIM: 'high',
    MDC_EVT_ECG_SINUS_BRADY: 'Sinus bradycardia',
    MDC_EVT_ECG_SINUS_TACHY: 'Sinus tachycardia',
    MDC_EVT_ECG_ATR_FIB: 'Atrial fibrillation',
    MDC_EVT_ECG_ATR_FLUT: 'Atrial flutter',
    MDC_EVT_ECG_RR_IRREG: 'Irregular rhythm',
    MDC_EVT_ECG_ARRHY: 'Arrhythmia',
    MDC_EVT_ECG_SV_P_C: 'Supraventricular extrasystole',
    MDC_EVT_LEAD_OFF: 'Lead off',
    MDC_EVT_ECG_V_FIB: 'Ventricular fibrillation',
    MDC_EVT_ECG_V_TACHY: 'Ventricular tachycardia',
    MDC_EVT_ECG_V_TACHY_RUN: 'Run of ventricular tachycardia',
    MDC_EVT_ECG_V_P_C: 'Ventricular extrasystole',
    MDC_EVT_ECG_PAUSE: 'Pause',
    MDC_EVT_ECG_BRADY: 'Bradycardia',
    MDC_EVT_ECG_TACHY: 'Tachycardia',
  } satisfies Readonly<Record<MonitorEventId, string>>,
};

export type MonitorText = Readonly<typeof en>;
