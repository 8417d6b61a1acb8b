import { findVital, type VitalId } from '../vitals.ts';

/**
 * Alarm events of monitors by their ISO/IEEE 11073-10101 reference id: what a person calls them, and which alarm kind of
 * ours speaks of the same. Codes are context-free: partition 3 is 196608 and up.
 *
 * Sources: [1] the project's clinical reference, 4.3, or DICOM PS3.16 CID 3038, which reprints the codes by permission
 * of IEEE; [?] a reference id that is seen at senders and whose number is not confirmed: it has none here. An event
 * that is not in the table is shown by its own text.
 */
export type MonitorEvent = {
  /** null: not confirmed, so the event is known by its reference id alone. */
  readonly code: number | null;
  readonly vital: VitalId | null;
  /** How the event would end the name of one of our kinds, `{vital}-{side}`; null: none of ours is about the same. */
  readonly side: 'low' | 'high' | 'signal' | null;
};

export const MONITOR_EVENTS = {
  // [1]
  MDC_EVT_ECG_ASYSTOLE: { code: 199684, vital: 'heart-rate', side: 'low' },
  MDC_EVT_APNEA: { code: 199680, vital: 'respiratory-rate', side: 'low' },
  MDC_EVT_DESAT: { code: 199854, vital: 'spo2', side: 'low' },
  // The vital of a limit is the metric that the entry names as its source.
  MDC_EVT_LO_VAL_LT_LIM: { code: 196674, vital: null, side: 'low' },
  MDC_EVT_HI: { code: 196648, vital: null, side: 'high' },
  MDC_EVT_ECG_SINUS_BRADY: { code: 199692, vital: 'heart-rate', side: 'low' },
  MDC_EVT_ECG_SINUS_TACHY: { code: 199870, vital: 'heart-rate', side: 'high' },
  MDC_EVT_ECG_ATR_FIB: { code: 199736, vital: 'heart-rate', side: null },
  MDC_EVT_ECG_ATR_FLUT: { code: 199884, vital: 'heart-rate', side: null },
  MDC_EVT_ECG_RR_IRREG: { code: 199726, vital: 'heart-rate', side: null },
  MDC_EVT_ECG_ARRHY: { code: 199874, vital: 'heart-rate', side: null },
  MDC_EVT_ECG_SV_P_C: { code: 199798, vital: 'heart-rate', side: null },
  // [?] The number 196652 is told of the first, by one source that is not sure.
  MDC_EVT_HI_VAL_GT_LIM: { code: null, vital: null, side: 'high' },
  MDC_EVT_LEAD_OFF: { code: null, vital: 'heart-rate', side: 'signal' },
  MDC_EVT_ECG_V_FIB: { code: null, vital: 'heart-rate', side: null },
  MDC_EVT_ECG_V_TACHY: { code: null, vital: 'heart-rate', side: null },
  MDC_EVT_ECG_V_TACHY_RUN: { code: null, vital: 'heart-rate', side: null },
  MDC_EVT_ECG_V_P_C: { code: null, vital: 'heart-rate', side: null },
  MDC_EVT_ECG_PAUSE: { code: null, vital: 'heart-rate', side: null },
  MDC_EVT_ECG_BRADY: { code: null, vital: 'heart-rate', side: 'low' },
  MDC_EVT_ECG_TACHY: { code: null, vital: 'heart-rate', side: 'high' },
} as const satisfies Readonly<Record<string, MonitorEvent>>;

export type MonitorEventId = keyof typeof MONITOR_EVENTS;

export const MONITOR_EVENT_IDS: readonly MonitorEventId[] = Object.keys(MONITOR_EVENTS) as MonitorEventId[];

const byCode = new Map<number, MonitorEventId>(
  MONITOR_EVENT_IDS.flatMap((id) => {
    const { code } = MONITOR_EVENTS[id];
    return code === null ? [] : [[code, id]];
  }),
);

const isEventId = (id: string | null): id is MonitorEventId => id !== null && Object.hasOwn(MONITOR_EVENTS, id);

/** The event of a reference id or a code, the code first, as senders mistake it less often; null: it is not known. */
export const findMonitorEvent = (event: string | null, code: number | null): MonitorEventId | null =>
  (code === null ? undefined : byCode.get(code)) ?? (isEventId(event) ? event : null);

/** What an alarm of a monitor is about, as far as that is known. */
export type Subject = {
  readonly vital: VitalId | null;
  /** The kind of alarm of ours that is about the same condition; null: none is. */
  readonly twin: string | null;
};

/** `source`: the metric that the monitor names, as an id or a code of the catalogue. */
export const subjectOf = (event: MonitorEventId | null, source: string | null): Subject => {
  const named: MonitorEvent | null = event && MONITOR_EVENTS[event];
  const vital = named?.vital ?? (source === null ? null : (findVital(source) ?? null));
  const side = named?.side ?? null;
  return { vital, twin: vital === null || side === null ? null : `${vital}-${side}` };
};
