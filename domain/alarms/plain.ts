import type { ConditionId, PlainKind } from './conditions.ts';
import type { AlarmConfig } from './settings.ts';
import type { PlainTrack } from './state.ts';
import { type Evidence, NO_READING, openAlarm, settleAlarm, touch, type Work } from './work.ts';

/** Technical conditions that are not of a vital: of the bed's device, and of the station. */

const CONDITION: Record<PlainKind, ConditionId> = {
  'device-link': 'device-silent',
  'device-data': 'not-monitored',
  'device-battery': 'battery-low',
  'device-clock': 'clock-off',
  'device-gap': 'sequence-gap',
  'station-journal': 'journal-filling',
  'station-database': 'database-away',
};

const AT_ONCE = () => 0;

export const plainDelayMs: Record<PlainKind, (config: AlarmConfig) => number> = {
  'device-link': ({ deviceOfflineDelayMs }) => deviceOfflineDelayMs,
  'device-data': ({ notMonitoredAfterMs }) => notMonitoredAfterMs,
  'device-battery': AT_ONCE,
  'device-clock': AT_ONCE,
  'device-gap': ({ gapDelayMs }) => gapDelayMs,
  'station-journal': AT_ONCE,
  'station-database': ({ databaseAwayDelayMs }) => databaseAwayDelayMs,
};

/** Percentage points a battery must gain, and shares of a tolerance or fill that must be reached, before it is over. */
const BATTERY_HYSTERESIS = 5;
const CLOCK_HYSTERESIS = 0.8;
const JOURNAL_HYSTERESIS = 0.9;

const setTrack = ({ state }: Work, kind: PlainKind, track: PlainTrack): void => {
  state.plain = { ...state.plain, [kind]: track };
};

/** Opens the alarm of the kind, whose condition holds since `startedAt`. */
export const openPlain = (
  work: Work,
  kind: PlainKind,
  at: number,
  startedAt: number,
  condition: ConditionId = CONDITION[kind],
  evidence: Evidence = NO_READING,
): void => {
  const alarm = openAlarm(work, at, { kind, condition, vital: null, startedAt, evidence });
  setTrack(work, kind, { since: work.state.plain[kind].since, alarm });
};

/** The delay of a kind is over. */
export const openDue = (work: Work, kind: PlainKind, at: number): void => {
  openPlain(work, kind, at, work.state.plain[kind].since ?? at);
};

/** Whether the condition holds now, as the station was just told. */
export const setPlain = (
  work: Work,
  kind: PlainKind,
  at: number,
  holds: boolean,
  evidence: Evidence = NO_READING,
): void => {
  const { since, alarm } = work.state.plain[kind];
  if (holds === (since !== null)) return;
  touch(work);
  if (!holds) {
    setTrack(work, kind, { since: null, alarm: alarm && settleAlarm(work, at, alarm, 'recovered') });
    return;
  }
  setTrack(work, kind, { since: at, alarm });
  if (!alarm && plainDelayMs[kind](work.config) === 0) openPlain(work, kind, at, at, CONDITION[kind], evidence);
};

const told = (value: number, limit: number): Evidence => ({ ...NO_READING, value, limit });

export const setBattery = (work: Work, at: number, percent: number | null): void => {
  const { batteryLowPercent } = work.config;
  const isOpen = work.state.plain['device-battery'].since !== null;
  const limit = isOpen ? batteryLowPercent + BATTERY_HYSTERESIS : batteryLowPercent;
  const holds = percent !== null && percent < limit;
  setPlain(work, 'device-battery', at, holds, told(percent ?? 0, batteryLowPercent));
};

export const setClock = (work: Work, at: number, offsetMs: number | null): void => {
  const { clockToleranceMs } = work.config;
  const isOpen = work.state.plain['device-clock'].since !== null;
  const limit = isOpen ? clockToleranceMs * CLOCK_HYSTERESIS : clockToleranceMs;
  const holds = offsetMs !== null && Math.abs(offsetMs) > limit;
  setPlain(work, 'device-clock', at, holds, told(offsetMs ?? 0, clockToleranceMs));
};

export const setJournal = (work: Work, at: number, share: number): void => {
  const { journalFillingShare } = work.config;
  const isOpen = work.state.plain['station-journal'].since !== null;
  const limit = isOpen ? journalFillingShare * JOURNAL_HYSTERESIS : journalFillingShare;
  setPlain(work, 'station-journal', at, share >= limit, told(share, journalFillingShare));
};
