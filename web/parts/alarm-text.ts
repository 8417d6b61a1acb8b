import type { Alarm } from '#domain/alarms/alarm.ts';
import {
  COURSE_CONDITIONS,
  COURSE_KIND_IDS,
  type ConditionId,
  condition,
  courseKind,
  hasCourseKind,
  LIMIT_KINDS,
  type LimitKind,
  signalKind,
} from '#domain/alarms/conditions.ts';
import { VITAL_IDS, type VitalId, vital } from '#domain/vitals.ts';
import type { Voice } from '../shell/text/language.ts';
import { wordOf } from './words.ts';

/** Alarms in words. */

const limitKinds = new Map<string, LimitKind>(
  LIMIT_KINDS.flatMap(({ low, high }) => [low, high]).map((kind) => [kind.id, kind]),
);

const signalKinds = new Map<string, VitalId>(VITAL_IDS.map((id) => [signalKind(id), id]));

type OfVital = { readonly condition: ConditionId; readonly vital: VitalId };

/** Kinds that are called by their mildest condition. */
const namedByCondition = new Map<string, OfVital>([
  ...[...limitKinds.values()].flatMap(({ id, vital, levels: [mildest] }): [string, OfVital][] =>
    mildest ? [[id, { condition: mildest.condition, vital }]] : [],
  ),
  ...COURSE_KIND_IDS.flatMap((name) =>
    VITAL_IDS.filter((vital) => hasCourseKind(vital, name)).map((vital): [string, OfVital] => [
      courseKind(vital, name),
      { condition: COURSE_CONDITIONS[name], vital },
    ]),
  ),
]);

/** What belongs to an alarm beside its own vital; `limit` null: it has passed none, as a pulse that goes on. */
type Evidence = { readonly vital: VitalId; readonly value: number | null; readonly limit: number | null };
type WithEvidence = {
  readonly also?: readonly Evidence[] | null | undefined;
  /** A gateway that is lost, and for how many beds. */
  readonly gateway?: string | undefined;
  readonly beds?: number | undefined;
};

/** A flat line while the pulse goes on is most often a lead that came off, but it must be looked at all the same. */
const leadsText = (condition: ConditionId, also: readonly Evidence[], { text, number }: Voice): string => {
  const pulse = also.find((each) => each.limit === null && (each.value ?? 0) > 0);
  return condition === 'asystole' && pulse?.value ? text.checkLeads(number(pulse.value, 0)) : '';
};

/** The device that a technical alarm is about, at a bed that has several. */
type OfDevice = { readonly device?: string | null | undefined };

/**
 * An alarm in words, such as `Heart rate low`, `Heart rate + Pulse rate high`, `Asystole, pulse 70: check leads` or `Battery
 * low, vent-1`.
 */
export const alarmText = (
  alarm: Pick<Alarm, 'condition' | 'vital'> & WithEvidence & OfDevice,
  voice: Voice,
): string => {
  const { language, text } = voice;
  const { label, type, isOfAnyVital } = condition(alarm.condition);
  const what = label[language];
  const also = alarm.also ?? [];
  if (alarm.gateway !== undefined) return text.gatewayLost(alarm.gateway, voice.number(alarm.beds ?? 0, 0));
  if (!alarm.vital || !isOfAnyVital) {
    const device = type === 'technical' ? alarm.device : undefined;
    return [what, device, leadsText(alarm.condition, also, voice)].filter(Boolean).join(text.comma);
  }
  // A sensor that is off has no limits: all of its vitals are off.
  const isSignal = type === 'technical';
  const others = also.filter(({ limit }) => isSignal || limit !== null).map((each) => each.vital);
  return text.ofVital([alarm.vital, ...others].map((id) => vital(id).label[language]).join(' + '), what);
};

/** The other values of the same measurement, such as `PR 70`. */
export const evidenceText = (
  { condition: what, also }: Pick<Alarm, 'condition'> & WithEvidence,
  voice: Voice,
): string =>
  (leadsText(what, also ?? [], voice) ? [] : (also ?? []))
    .filter(({ value }) => value !== null)
    .map(({ vital: id, value }) => `${vital(id).short} ${voice.number(value ?? 0, vital(id).decimals)}`)
    .join(voice.text.comma);

/** A kind of alarm, such as one that is switched off. */
export const kindText = (kind: string, voice: Voice): string => {
  const { text, language } = voice;
  const named = namedByCondition.get(kind);
  if (named) return alarmText(named, voice);
  const ofSignal = signalKinds.get(kind);
  if (ofSignal) return text.signalOfVital(vital(ofSignal).label[language]);
  return wordOf(text.kinds, kind);
};

/** Conditions of something that is not there at all: no limit was passed. */
const HAS_NO_LIMIT: ReadonlySet<string> = new Set(['asystole', 'apnoea', 'no-beats', 'no-signs', 'no-pulse']);

/** The threshold it passed, such as `< 50`; a flat line has none. */
export const limitText = ({ kind, vital: id, value, limit, condition: what }: Alarm, voice: Voice): string => {
  if (!namedByCondition.has(kind) || !id || value === null || limit === null || HAS_NO_LIMIT.has(what)) return '';
  const words = voice.number(limit, vital(id).decimals);
  return value < limit ? voice.text.below(words) : voice.text.above(words);
};

/** The worst value is shown once the condition is over: before, the number on the tile is newer. */
export const worstText = ({ state, vital: id, worst }: Alarm, { text, number }: Voice): string =>
  state === 'latched' && id && worst !== null ? text.worst(number(worst, vital(id).decimals)) : '';
