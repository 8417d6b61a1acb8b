import { VITAL_IDS } from '../vitals.ts';
import type { Alarm, EndCause } from './alarm.ts';
import { type ConditionId, PROBES, signalKind } from './conditions.ts';
import { changeAlarm, editVital, NO_READING, openAlarm, raiseAlarm, settleAlarm, type Work } from './work.ts';

/** Signals that are lost: one lost probe is one alarm (D9). It stands with the vital that was told first. */

/** [?] Vitals of one probe that are lost within this time of each other are lost together. */
const TOGETHER_MS = 10_000;

/** All vitals that an alarm names. */
const namedBy = ({ vital, also = [] }: Alarm) => [...(vital ? [vital] : []), ...also.map((other) => other.vital)];

const naming = (alarm: Alarm, named: readonly (typeof VITAL_IDS)[number][]): Alarm => {
  const [vital = null, ...others] = named;
  const also = others.map((other) => ({ vital: other, value: null, limit: null }));
  return { ...alarm, vital, also: also.length > 0 ? also : undefined };
};

/** Opens the alarm, or joins it to the one of its probe. */
export const loseSignal = (work: Work, index: number, at: number, condition: ConditionId, startedAt: number): void => {
  const id = VITAL_IDS[index];
  const vital = editVital(work, index);
  if (!id || !vital) return;
  vital.isLost = true;
  const probe = work.config.rules >= 2 ? (PROBES[index] ?? []) : [];
  const holder = probe.find((member) => {
    const signal = work.vitals[member]?.signal;
    return signal && Math.abs(signal.startedAt - startedAt) <= TOGETHER_MS;
  });
  const joined = holder === undefined ? undefined : editVital(work, holder);
  if (joined?.signal) {
    joined.signal = changeAlarm(work, at, naming(joined.signal, [...namedBy(joined.signal), id]));
  } else if (vital.signal) {
    // It was back before the others of its probe, and the alarm of its kind is still theirs (C3).
    const { vital: named, also } = naming(vital.signal, [...namedBy(vital.signal), id]);
    vital.signal = raiseAlarm(work, at, vital.signal, 'escalated', {
      condition,
      vital: named,
      evidence: NO_READING,
      also,
    });
  } else {
    vital.signal = openAlarm(work, at, { kind: signalKind(id), condition, vital: id, startedAt, evidence: NO_READING });
  }
};

/** Its signal is back, or nobody relies on it any more: the alarm is over unless another vital of the probe is still lost. */
export const regainSignal = (work: Work, index: number, at: number, cause: EndCause): void => {
  const id = VITAL_IDS[index];
  const vital = editVital(work, index);
  if (!id || !vital?.isLost) return;
  vital.isLost = false;
  const isOf = (member: number) => {
    const signal = work.vitals[member]?.signal;
    return !!signal && namedBy(signal).includes(id);
  };
  const holder = [index, ...(PROBES[index] ?? [])].find(isOf);
  const held = holder === undefined ? undefined : editVital(work, holder);
  if (!held?.signal) return;
  const left = namedBy(held.signal).filter((other) => other !== id);
  held.signal =
    left.length > 0 ? changeAlarm(work, at, naming(held.signal, left)) : settleAlarm(work, at, held.signal, cause);
};
