import { type ConditionId, condition, type Level, LIMIT_KINDS } from '#domain/alarms/conditions.ts';
import type { VitalAlarmSettings } from '#domain/alarms/settings.ts';
import type { VitalId } from '#domain/vitals.ts';
import { intersect, type Span, subtract, union } from './spans.ts';

/**
 * The parts of an episode that nobody could hear: those that only late readings show. What was announced at the time as
 * at least as bad is left out; a milder alarm of the same kind, or one before or after, takes nothing away.
 */

/** A value that came late. */
export type LateReading = { readonly time: number; readonly value: number };

/** When an alarm of a kind was announced and its condition held, and how bad it was then. */
export type AnnouncedSpan = Span & { readonly kind: string; readonly condition: ConditionId };

export type LateEpisode = Span & {
  readonly kind: string;
  readonly vital: VitalId;
  readonly condition: ConditionId;
  /** The settings in force when it was decided. */
  readonly settings: VitalAlarmSettings;
};

export type LatePart = Span & {
  readonly condition: ConditionId;
  /** The farthest late value in it; null: it has none, because the alarm began before, or its kind has no farthest value. */
  readonly worst: number | null;
  /** null: as the episode has it. */
  readonly limit: number | null;
};

/** An alarm that stopped for so short a time, for want of data, and came back as bad was heard all the while. */
const ONE_ALARM_MS = 60_000;

/**
 * The station's clock and the device's may differ by so much: a shorter rest beside what was announced is not an alarm.
 */
const SLACK_MS = 5_000;

const kinds = new Map(LIMIT_KINDS.flatMap(({ low, high }) => [low, high]).map((kind) => [kind.id, kind]));

const levelsOf = (kind: string): readonly Level[] => kinds.get(kind)?.levels ?? [];

/** −1: the kind has no levels: of such kinds one condition is as bad as the other. */
const rank = (kind: string, id: ConditionId): number => levelsOf(kind).findIndex(({ condition: of }) => of === id);

const PRIORITY_RANK = { low: 0, medium: 1, high: 2 } as const;

const isAsBad = (kind: string, one: ConditionId, other: ConditionId): boolean =>
  PRIORITY_RANK[condition(one).priority] >= PRIORITY_RANK[condition(other).priority] &&
  rank(kind, one) >= rank(kind, other);

const thresholdOf = (side: 'low' | 'high', { trigger }: Level, settings: VitalAlarmSettings): number | null => {
  if (trigger === 'extreme') return side === 'low' ? settings.extremeLow : settings.extremeHigh;
  if (trigger === 'limit') return side === 'low' ? settings.low : settings.high;
  return 0;
};

const meets = (side: 'low' | 'high', level: Level, settings: VitalAlarmSettings, value: number): boolean => {
  if (level.trigger !== 'limit' && level.trigger !== 'extreme') return value === 0;
  const threshold = thresholdOf(side, level, settings);
  return threshold !== null && (side === 'low' ? value < threshold : value > threshold);
};

/**
 * An episode is as bad as its worst moment, which may have been live; a part of it is only as bad as its own values.
 */
const judge = (episode: LateEpisode, part: Span, readings: readonly LateReading[]): LatePart => {
  const kind = kinds.get(episode.kind);
  if (!kind) return { ...part, condition: episode.condition, worst: null, limit: null };
  const { side } = kind;
  const values = readings.filter(({ time }) => time >= part.from && time <= part.to).map(({ value }) => value);
  const known = values.filter((value) => !Number.isNaN(value));
  const worst = known.length === 0 ? null : known.reduce((one, two) => (one < two === (side === 'low') ? one : two));
  let place = rank(episode.kind, episode.condition);
  const levels = levelsOf(episode.kind);
  for (; place > 0 && worst !== null; place--) {
    const level = levels[place];
    if (level && meets(side, level, episode.settings, worst)) break;
  }
  const level = levels[place];
  return {
    from: part.from,
    to: part.to,
    condition: level?.condition ?? episode.condition,
    worst,
    limit: level ? thresholdOf(side, level, episode.settings) : null,
  };
};

const touches = (one: Span, other: Span): boolean => one.from <= other.to && other.from <= one.to;

/** `gaps`: when late readings of the vital were what was known of it. `readings`: the late ones, by time. */
export const ownParts = (
  episode: LateEpisode,
  gaps: readonly Span[],
  readings: readonly LateReading[],
  announced: readonly AnnouncedSpan[],
): LatePart[] => {
  const ofKind = announced.filter(({ kind }) => kind === episode.kind);
  return intersect([episode], gaps).flatMap((part) => {
    const judged = judge(episode, part, readings);
    const asBad = ofKind.filter((span) => isAsBad(episode.kind, span.condition, judged.condition));
    const covered = union(asBad, ONE_ALARM_MS);
    const rest = subtract([part], covered).filter(
      (left) => left.to - left.from > SLACK_MS || !covered.some((span) => touches(span, left)),
    );
    return rest.map((left) => judge(episode, left, readings));
  });
};
