import type { Alarm, Inactivation } from './alarm.ts';
import { LIMIT_KINDS } from './limit-kinds.ts';

/** What a person is to see and hear of an alarm now (IEC 60601-1-8, 6.8), the same on every screen. */
export type AlarmSignal = {
  readonly isSeen: boolean;
  readonly isHeard: boolean;
  /** What suppresses the signal, the strongest if there are several; null: nothing does. */
  readonly inactivation: 'acknowledged' | Inactivation['what'] | null;
};

const limitKinds = LIMIT_KINDS.flatMap(({ low, high }) => [low, high]);

/**
 * The kinds of all limits that are past: a kind that is off does not hide the others that are announced with it (C9).
 */
const kindsOf = ({ kind, vital, also = [] }: Alarm): readonly string[] => {
  const side = limitKinds.find(({ id }) => id === kind)?.side;
  if (!side || also.length === 0) return [kind];
  const past = [vital, ...also.flatMap((other) => (other.limit === null ? [] : [other.vital]))];
  return past.map((one) => `${one}-${side}`);
};

const covers = ({ kind }: Inactivation, kinds: readonly string[]): boolean => kind === null || kinds.includes(kind);

/**
 * An alarm of high priority is seen whatever is paused or off, and heard through an audio pause that began before it
 * was there or before it became that bad.
 */
export const signalOf = (alarm: Alarm, inactivations: readonly Inactivation[]): AlarmSignal => {
  const kinds = kindsOf(alarm);
  const inForce = inactivations.filter((inactivation) => covers(inactivation, kinds));
  const isHigh = alarm.priority === 'high';
  const hiding = inForce.filter(({ what }) => what === 'alarm-paused' || what === 'alarm-off');
  const isHidden = kinds.every((kind) => hiding.some((inactivation) => covers(inactivation, [kind])));
  const hidden = isHigh || !isHidden ? undefined : hiding[0];
  if (hidden) return { isSeen: false, isHeard: false, inactivation: hidden.what };
  if (alarm.acknowledged) return { isSeen: true, isHeard: false, inactivation: 'acknowledged' };
  const isPaused = inForce.some(
    ({ what, covered }) => what === 'audio-paused' && (!isHigh || covered.includes(alarm.id)),
  );
  return { isSeen: true, isHeard: !isPaused, inactivation: isPaused ? 'audio-paused' : null };
};
