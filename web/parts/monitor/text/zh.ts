import type { MonitorText } from './en.ts';

/** What is said of alarms that monitors report, in Simplified Chinese. */
export const zh: MonitorText = {
  marks: { monitor: '监护仪', both: '+ 监护仪' },
  unnamed: (number: string) => `监护仪报警 ${number}`,
  notConfirmed: '不再得到确认',
  notConfirmedAlarm: '监护仪的报警不再得到确认',
  events: {
    MDC_EVT_ECG_ASYSTOLE: '心搏停止',
    MDC_EVT_APNEA: '呼吸暂停',
    MDC_EVT_DESAT: '血氧骤降',
    MDC_EVT_LO_VAL_LT_LIM: '过低',
    MDC_EVT_HI: '过高',
    MDC_EVT_HI_VAL_GT_LIM: '过高',
    MDC_EVT_ECG_SINUS_BRADY: '窦性心动过缓',
    MDC_EVT_ECG_SINUS_TACHY: '窦性心动过速',
    MDC_EVT_ECG_ATR_FIB: '心房颤动',
    MDC_EVT_ECG_ATR_FLUT: '心房扑动',
    MDC_EVT_ECG_RR_IRREG: '心律不齐',
    MDC_EVT_ECG_ARRHY: '心律失常',
    MDC_EVT_ECG_SV_P_C: '室上性早搏',
    MDC_EVT_LEAD_OFF: '导联脱落',
    MDC_EVT_ECG_V_FIB: '心室颤动',
    MDC_EVT_ECG_V_TACHY: '室性心动过速',
    MDC_EVT_ECG_V_TACHY_RUN: '短阵室性心动过速',
    MDC_EVT_ECG_V_P_C: '室性早搏',
    MDC_EVT_ECG_PAUSE: '心搏间歇',
    MDC_EVT_ECG_BRADY: '心动过缓',
    MDC_EVT_ECG_TACHY: '心动过速',
  },
};
