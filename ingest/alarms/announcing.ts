import type { LiveOxygen } from '#contracts/live.ts';
import type { Alarm, AlarmEvent, Inactivation } from '#domain/alarms/alarm.ts';
import { openAlarms } from '#domain/alarms/state.ts';
import type { Clock } from '#platform/clock.ts';
import type { AlarmChange } from '../live/changes.ts';
import { createStoredFirst } from '../stored-first.ts';
import { oxygenOf } from './oxygen.ts';
import type { Subject } from './subject.ts';

export type Announced = {
  readonly alarms: readonly Alarm[];
  readonly inactivations: readonly Inactivation[];
  readonly oxygen?: LiveOxygen | undefined;
};

/** What happened, and who waits for it to be stored. */
type Happened = { readonly events: readonly AlarmEvent[]; readonly stored: readonly (() => void)[] };

/**
 * Announced means stored (G1): after a crash the state comes back as it was when something was last announced. What could
 * not be stored in time is announced anyway, for a full disk must not silence an alarm.
 */
export type Announcing = {
  /** Queues it, and returns what announces it, to be called when it is stored. Only the first call counts. */
  readonly queue: (subject: Subject, happened: Happened) => () => void;
  /** What was last announced of a subject. */
  readonly announced: (subject: Subject) => Announced;
  /** The present state was announced before a restart. */
  readonly remember: (subject: Subject) => void;
};

const NOTHING: Announced = { alarms: [], inactivations: [] };

const presentOf = (subject: Subject): Announced => ({
  alarms: openAlarms(subject.state),
  inactivations: subject.state.inactivations,
  oxygen: oxygenOf(subject),
});

export const createAnnouncing = ({
  clock,
  canStore,
  announce,
}: {
  clock: Pick<Clock, 'after'>;
  /** False while the journal cannot flush: then an alarm is announced at once. */
  canStore: () => boolean;
  announce: (subject: Subject, change: AlarmChange) => void;
}): Announcing => {
  const announced = new Map<Subject, Announced>();
  const storedFirst = createStoredFirst<Subject>({ clock, canStore });

  return {
    queue(subject, { events, stored }) {
      const present = presentOf(subject);
      return storedFirst.queue(subject, () => {
        announced.set(subject, present);
        announce(subject, { events, ...present });
        for (const onStored of stored) onStored();
      });
    },
    announced: (subject) => announced.get(subject) ?? NOTHING,
    remember(subject) {
      announced.set(subject, presentOf(subject));
    },
  };
};
