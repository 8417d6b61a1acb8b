import type { Alarm, AlarmEvent } from './alarm.ts';
import type { CourseKindId, Side, TechnicalKindId } from './names.ts';
import type { AlarmConfig } from './settings.ts';
import {
  type AlarmState,
  type CourseTrack,
  type CourseTracks,
  copyVital,
  type LimitTrack,
  type TechnicalTrack,
  UNHEARD_VITAL,
  type VitalState,
} from './state.ts';

/**
 * A step in the making. Everything in it is read-only but for the functions of this file, and each of them marks the state
 * dirty (`revision` grows, so that it is stored) unless it can change nothing but values and times of readings, which the next
 * reading tells anyway. Whoever changes anything need not think of it, and cannot forget it.
 */
export type Transition = {
  /** As it was before; never changed. */
  readonly before: AlarmState;
  /** A copy that is the transition's own. */
  readonly state: AlarmState;
  /** In force: what `occupied` and `configured` bring takes the place of what was. */
  readonly config: AlarmConfig;
  readonly events: readonly AlarmEvent[];
};

type Mutable<Thing> = { -readonly [Key in keyof Thing]: Thing[Key] };

type Own = {
  readonly before: AlarmState;
  readonly state: Mutable<Omit<AlarmState, 'vitals'>> & { vitals: (VitalState | null)[] };
  config: AlarmConfig;
  readonly events: AlarmEvent[];
};

/** The only way past the read-only types. */
const own = (transition: Transition): Own => transition as Own;

export const beginTransition = (before: AlarmState, config: AlarmConfig): Transition => ({
  before,
  state: { ...before, vitals: before.vitals.slice() },
  config,
  events: [],
});

const markDirty = (transition: Transition): void => {
  own(transition).state.revision++;
};

/** Times, and what a device tells again and again. */
type Passing = 'at' | 'heardAt' | 'dueAt' | 'missing';

/** What may be changed without a mark. */
export const passing = (transition: Transition): Mutable<Pick<AlarmState, Passing>> => own(transition).state;

/** What is to be remembered of the bed. Asking for it marks the state dirty. */
export const edit = (transition: Transition): Mutable<Omit<AlarmState, 'vitals' | 'revision' | 'technical'>> => {
  markDirty(transition);
  return own(transition).state;
};

export const putConfig = (transition: Transition, config: AlarmConfig): void => {
  markDirty(transition);
  own(transition).config = config;
};

/** What happened to an alarm or an inactivation. */
export const announce = (transition: Transition, event: AlarmEvent): void => {
  markDirty(transition);
  own(transition).events.push(event);
};

/** Everything of the technical kinds at once. */
export const putTechnicalTracks = (transition: Transition, tracks: AlarmState['technical']): void => {
  markDirty(transition);
  own(transition).state.technical = tracks;
};

export const putTechnical = (transition: Transition, kind: TechnicalKindId, track: TechnicalTrack): void =>
  putTechnicalTracks(transition, { ...transition.state.technical, [kind]: track });

/** The vital as the transition may change it: copied at the first change. */
const ownVital = (transition: Transition, index: number): Mutable<VitalState> | undefined => {
  const { vitals } = own(transition).state;
  const vital = vitals[index];
  if (!vital || vital !== transition.before.vitals[index]) return vital ?? undefined;
  const copy = copyVital(vital);
  vitals[index] = copy;
  return copy;
};

/** What is to be remembered of a vital. Asking for it marks the state dirty. */
export const editVital = (
  transition: Transition,
  index: number,
): (Mutable<Omit<VitalState, Side>> & Readonly<Pick<VitalState, Side>>) | undefined => {
  const vital = ownVital(transition, index);
  if (vital) markDirty(transition);
  return vital;
};

/** What each reading says anew. */
type Said = 'time' | 'heardAt' | 'value' | 'quality' | 'isUsable' | 'unusableSince';

export type HeardVital = Mutable<Pick<VitalState, Said>> & Readonly<Omit<VitalState, Said>>;

/** A vital of which a reading came: what each reading says anew may be changed without a mark. */
export const hearVital = (transition: Transition, index: number): HeardVital => {
  const known = ownVital(transition, index);
  if (known) return known;
  markDirty(transition);
  const vital: Mutable<VitalState> = { ...UNHEARD_VITAL };
  own(transition).state.vitals[index] = vital;
  return vital;
};

/** Counting longer, or a value that is worse, is no more than a value; beginning or ceasing to count is. */
const isSameCount = (before: LimitTrack | null, after: LimitTrack | null): boolean => {
  if (!before || !after) return before === after;
  if (before.isPart !== after.isPart) return false;
  for (let place = 0; place < before.since.length; place++) {
    if ((before.since[place] === null) !== (after.since[place] === null)) return false;
  }
  return true;
};

const isIdle = ({ since, alarm, isPart }: LimitTrack): boolean =>
  alarm === null && !isPart && since.every((one) => one === null);

/** One side of a vital's limits; what is neither counting nor open is `null`. Alarms in it are marked as they are announced. */
export const putTrack = (transition: Transition, index: number, side: Side, track: LimitTrack): void => {
  const vital = ownVital(transition, index);
  if (!vital) return;
  const next = isIdle(track) ? null : track;
  if (!isSameCount(vital[side], next)) markDirty(transition);
  vital[side] = next;
};

export const changeTrack = (transition: Transition, index: number, side: Side, change: Partial<LimitTrack>): void => {
  const track = transition.state.vitals[index]?.[side];
  if (track) putTrack(transition, index, side, { ...track, ...change });
};

export const alarmAt = ({ state }: Transition, index: number, side: Side): Alarm | null =>
  state.vitals[index]?.[side]?.alarm ?? null;

/** The newest value is told anew by the next reading; what went into the course is not. */
const isSameCourse = (before: CourseTrack | undefined, after: CourseTrack | null): boolean =>
  before && after
    ? before.course === after.course && (before.since === null) === (after.since === null)
    : (before ?? null) === after;

/** What a kind remembers of the course of a vital; null: nothing any more. Alarms in it are marked as they are announced. */
export const putCourse = (
  transition: Transition,
  index: number,
  kind: CourseKindId,
  track: CourseTrack | null,
): void => {
  const vital = ownVital(transition, index);
  if (!vital) return;
  const { [kind]: before, ...others } = vital.courses ?? {};
  if (!isSameCourse(before, track)) markDirty(transition);
  const courses: CourseTracks = track ? { ...others, [kind]: track } : others;
  vital.courses = Object.keys(courses).length > 0 ? courses : null;
};

/** The vitals of another patient, or of none. */
export const forgetVitals = (transition: Transition): void => {
  markDirty(transition);
  own(transition).state.vitals.fill(null);
};

/** A vital of which nothing may have been heard, so that an alarm can stand with it. */
export const ensureVital = (transition: Transition, index: number): void => {
  hearVital(transition, index);
};
