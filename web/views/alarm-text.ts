import type { Alarm } from '#domain/alarms/alarm.ts';
import { type ConditionId, condition, LIMIT_KINDS, type LimitKind, signalKind } from '#domain/alarms/conditions.ts';
import { VITAL_IDS, type VitalId, vital } from '#domain/vitals.ts';
import type { Voice } from '../text/language.ts';

/** Alarms in words. */

const limitKinds = new Map<string, LimitKind>(
  LIMIT_KINDS.flatMap(({ low, high }) => [low, high]).map((kind) => [kind.id, kind]),
);

const signalKinds = new Map<string, VitalId>(VITAL_IDS.map((id) => [signalKind(id), id]));

/** What can happen to any vital, and therefore says which. The other conditions are a name of their own. */
const NAMES_ITS_VITAL: ReadonlySet<ConditionId> = new Set([
  'low-limit',
  'high-limit',
  'sensor-off',
  'signal-poor',
  'no-data',
]);

/** Such as `Heart rate low` or `Asystole`. */
export const alarmText = (alarm: Pick<Alarm, 'condition' | 'vital'>, { language, text }: Voice): string => {
  const what = condition(alarm.condition).label[language];
  if (!alarm.vital || !NAMES_ITS_VITAL.has(alarm.condition)) return what;
  return text.ofVital(vital(alarm.vital).label[language], what);
};

/** A kind of alarm, such as one that is switched off. */
export const kindText = (kind: string, voice: Voice): string => {
  const { text, language } = voice;
  const limit = limitKinds.get(kind);
  const [base] = limit?.levels ?? [];
  if (limit && base) return alarmText({ condition: base.condition, vital: limit.vital }, voice);
  const ofSignal = signalKinds.get(kind);
  if (ofSignal) return text.signalOfVital(vital(ofSignal).label[language]);
  return text.kinds[kind] ?? kind;
};

/** The threshold it passed, such as `< 50`; a flat line has none. */
export const limitText = ({ kind, vital: id, limit, condition: what }: Alarm, { text, number }: Voice): string => {
  const side = limitKinds.get(kind)?.side;
  if (!side || !id || limit === null || what === 'asystole' || what === 'apnoea') return '';
  const words = number(limit, vital(id).decimals);
  return side === 'low' ? text.below(words) : text.above(words);
};

/** Told once the condition is over: before, the number on the tile is the newer one. */
export const worstText = ({ state, vital: id, worst }: Alarm, { text, number }: Voice): string =>
  state === 'latched' && id && worst !== null ? text.worst(number(worst, vital(id).decimals)) : '';
