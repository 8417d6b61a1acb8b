import { VITAL_IDS } from '../vitals.ts';
import type { Alarm, EndCause } from './alarm.ts';
import { changeAlarm, endAlarm, NO_READING, openAlarm, raiseAlarm } from './announce.ts';
import { ARTERIAL_LINE, CUFF, groupsOf, PULMONARY_LINE } from './joint.ts';
import { type ConditionId, type Priority, signalKind } from './names.ts';
import { editVital, type Transition } from './transition.ts';

/** Alarms of lost signals: one lost probe is one alarm (D9). It is kept with the vital that was lost first. */

/** The groups of vitals that one probe measures. */
const PROBES = groupsOf([
  ['spo2', 'pulse-rate', 'perfusion-index'],
  ['heart-rate', 'respiratory-rate'],
  ARTERIAL_LINE,
  PULMONARY_LINE,
  CUFF,
]);

/** [?] Vitals of one probe that are lost within this time of each other are lost together. */
const TOGETHER_MS = 10_000;

/** All vitals that an alarm names. */
const namedBy = ({ vital, also = [] }: Alarm) => [...(vital ? [vital] : []), ...also.map((other) => other.vital)];

const naming = (alarm: Alarm, named: readonly (typeof VITAL_IDS)[number][]): Alarm => {
  const [vital = null, ...others] = named;
  const also = others.map((other) => ({ vital: other, value: null, limit: null }));
  return { ...alarm, vital, also: also.length > 0 ? also : undefined };
};

/** Opens the alarm of the vital's signal, or adds the vital to the alarm of its probe. */
export const loseSignal = (
  transition: Transition,
  index: number,
  at: number,
  what: { readonly condition: ConditionId; readonly priority: Priority },
  startedAt: number,
): void => {
  const id = VITAL_IDS[index];
  const vital = editVital(transition, index);
  if (!id || !vital) return;
  vital.isLost = true;
  const probe = transition.config.rules >= 2 ? (PROBES[index] ?? []) : [];
  const holder = probe.find((member) => {
    const signal = transition.state.vitals[member]?.signal;
    return signal && Math.abs(signal.startedAt - startedAt) <= TOGETHER_MS;
  });
  const joined = holder === undefined ? undefined : editVital(transition, holder);
  if (joined?.signal) {
    joined.signal = changeAlarm(transition, at, naming(joined.signal, [...namedBy(joined.signal), id]));
  } else if (vital.signal) {
    // The vital was back before the others of its probe, and the alarm of its kind still names those (C3).
    const { vital: named, also } = naming(vital.signal, [...namedBy(vital.signal), id]);
    vital.signal = raiseAlarm(transition, at, vital.signal, 'escalated', {
      ...what,
      vital: named,
      evidence: NO_READING,
      also,
    });
  } else {
    vital.signal = openAlarm(transition, at, {
      kind: signalKind(id),
      ...what,
      vital: id,
      startedAt,
      evidence: NO_READING,
    });
  }
};

/**
 * The vital's signal is back, or nobody relies on it any more: the alarm is over unless it names another vital that is
 * still lost.
 */
export const regainSignal = (transition: Transition, index: number, at: number, cause: EndCause): void => {
  const id = VITAL_IDS[index];
  if (!id || !transition.state.vitals[index]?.isLost) return;
  const vital = editVital(transition, index);
  if (vital) vital.isLost = false;
  const isOf = (member: number) => {
    const signal = transition.state.vitals[member]?.signal;
    return !!signal && namedBy(signal).includes(id);
  };
  const holder = [index, ...(PROBES[index] ?? [])].find(isOf);
  const held = holder === undefined ? undefined : editVital(transition, holder);
  if (!held?.signal) return;
  const left = namedBy(held.signal).filter((other) => other !== id);
  held.signal =
    left.length > 0
      ? changeAlarm(transition, at, naming(held.signal, left))
      : endAlarm(transition, at, held.signal, cause);
};
