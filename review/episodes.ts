import type { Alarm, AlarmEvent } from '#domain/alarms/alarm.ts';

/** One alarm as a whole, from its events. */
export type Episode = {
  /** The alarm as it was last: its condition and priority are the worst it had. */
  readonly alarm: Alarm;
  /** When its condition was first over; null: not yet. */
  readonly endedAt: number | null;
  readonly cause: string | null;
};

export type Episodes = {
  readonly take: (event: AlarmEvent) => void;
  readonly all: () => Episode[];
  readonly kindOf: (alarm: string) => string | undefined;
};

/** `present`: alarms that were there before the first event. */
export const createEpisodes = (present: readonly Alarm[]): Episodes => {
  const episodes = new Map<string, Episode>(
    present.map((alarm) => [alarm.id, { alarm, endedAt: null, cause: null }] as const),
  );
  return {
    take(event) {
      if (!('alarm' in event)) return;
      const { alarm, type, at, cause } = event;
      const before = episodes.get(alarm.id);
      const isOver = type === 'latched' || type === 'ended';
      const isBack = type === 'recurred' || type === 'escalated';
      const endedAt = isBack ? null : (before?.endedAt ?? (isOver ? at : null));
      episodes.set(alarm.id, { alarm, endedAt, cause: isOver ? (before?.cause ?? cause) : null });
    },
    all: () => [...episodes.values()],
    kindOf: (id) => episodes.get(id)?.alarm.kind,
  };
};

/**
 * The span of an episode by the station's clock. `startedAt` is by the device's clock, which may be ahead: then it lies
 * after the decision, or even after the end. The time between the start and the reading that decided is right by any
 * clock.
 */
export const spanOf = ({ alarm, endedAt }: Episode): { readonly from: number; readonly to: number | null } => {
  const { startedAt, measuredAt, receivedAt, decidedAt } = alarm;
  const from = measuredAt === null || receivedAt === null ? startedAt : receivedAt - (measuredAt - startedAt);
  return { from: Math.min(from, decidedAt), to: endedAt };
};

/** Whether two spans have a moment in common; an end of null is not reached yet. */
export const overlap = (
  one: { readonly from: number; readonly to: number | null },
  other: { readonly from: number; readonly to: number | null },
): boolean => one.from <= (other.to ?? Number.POSITIVE_INFINITY) && other.from <= (one.to ?? Number.POSITIVE_INFINITY);
