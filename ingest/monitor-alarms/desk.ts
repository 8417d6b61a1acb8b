import type { AskedAction } from '#contracts/ports/alarm-desk.ts';
import { ActionRefusedError } from '#domain/alarms/actions.ts';
import type { MonitorAlarm } from '#domain/monitor-alarms/alarm.ts';
import { openMonitorAlarms } from '#domain/monitor-alarms/state.ts';
import type { Decisions } from './decisions.ts';
import { type Subject, take } from './subject.ts';

/** What people ask of monitors' alarms and do about them here. Nothing of it reaches the monitor. */
export type MonitorDesk = {
  /** What was announced and is not over, by bed. */
  readonly active: (unit?: string) => readonly MonitorBed[];
  /** The bed of an alarm that is open now; undefined when there is no such alarm. */
  readonly bedOf: (alarm: string) => string | undefined;
  /** Resolves when it is stored and announced; rejects with an ActionRefusedError, and then nothing was done. */
  readonly act: (bed: string, action: MonitorAction) => Promise<void>;
};

export type MonitorBed = { readonly unit: string; readonly bed: string; readonly alarms: readonly MonitorAlarm[] };

export type MonitorAction = Extract<AskedAction, { type: 'acknowledge' | 'reset' }>;

/** Why it cannot be done; undefined when it can. To reset a bed on which nothing is over is no fault. */
const refusalOf = (
  { type, alarm: id }: MonitorAction,
  open: readonly MonitorAlarm[],
): ActionRefusedError | undefined => {
  if (id === null) return undefined;
  const alarm = open.find((each) => each.id === id);
  if (!alarm) return new ActionRefusedError('not-found', `there is no alarm ${id} now`);
  const isOngoing = type === 'reset' && alarm.state !== 'latched';
  return isOngoing
    ? new ActionRefusedError('invalid', 'its condition has not ended: acknowledge it instead')
    : undefined;
};

export const createMonitorDesk = ({
  subjects,
  decisions,
  now,
  settle,
}: {
  subjects: ReadonlyMap<string, Subject>;
  decisions: Pick<Decisions, 'announced'>;
  now: () => number;
  /** Stores and announces what happened to the subject since it was last looked at. */
  settle: (subject: Subject) => void;
}): MonitorDesk => ({
  active: (unit) =>
    [...subjects.values()].flatMap((subject) => {
      const alarms = decisions.announced(subject);
      const isMeant = subject.unit !== null && (unit === undefined || subject.unit === unit);
      return isMeant && alarms.length > 0 ? [{ unit: subject.unit ?? '', bed: subject.bed, alarms }] : [];
    }),
  bedOf: (id) =>
    [...subjects.values()].find(({ state }) => openMonitorAlarms(state).some((alarm) => alarm.id === id))?.bed,
  act: (bed, action) =>
    new Promise((resolve, reject) => {
      const subject = subjects.get(bed);
      const refusal = subject
        ? refusalOf(action, openMonitorAlarms(subject.state))
        : new ActionRefusedError('not-found', `there is no bed ${bed}`);
      if (!subject || refusal) return reject(refusal);
      subject.stored.push(resolve);
      take(subject, now(), action);
      settle(subject);
    }),
});
