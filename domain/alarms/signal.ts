import type { Alarm, Inactivation } from './alarm.ts';

/** What a person is to see and hear of an alarm now (IEC 60601-1-8, 6.8), the same on every screen. */
export type AlarmSignal = {
  readonly isSeen: boolean;
  readonly isHeard: boolean;
  /** What holds it back, if anything; the strongest. */
  readonly inactivation: 'acknowledged' | Inactivation['what'] | null;
};

const covers = ({ kind }: Inactivation, alarm: Alarm): boolean => kind === null || kind === alarm.kind;

/**
 * An alarm of high priority is seen whatever is paused or off, and heard through an audio pause that began before it
 * was there or before it became that bad.
 */
export const signalOf = (alarm: Alarm, inactivations: readonly Inactivation[]): AlarmSignal => {
  const inForce = inactivations.filter((inactivation) => covers(inactivation, alarm));
  const isHigh = alarm.priority === 'high';
  const hidden = isHigh ? undefined : inForce.find(({ what }) => what === 'alarm-paused' || what === 'alarm-off');
  if (hidden) return { isSeen: false, isHeard: false, inactivation: hidden.what };
  if (alarm.acknowledged) return { isSeen: true, isHeard: false, inactivation: 'acknowledged' };
  const isPaused = inForce.some(
    ({ what, covered }) => what === 'audio-paused' && (!isHigh || covered.includes(alarm.id)),
  );
  return { isSeen: true, isHeard: !isPaused, inactivation: isPaused ? 'audio-paused' : null };
};
