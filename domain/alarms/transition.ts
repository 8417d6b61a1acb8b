import type { Alarm, AlarmEvent } from './alarm.ts';
import { copyDevice, type DeviceState, IDLE_TRACKS, settled, type TechnicalTrack } from './device-state.ts';
import type { Side, TechnicalKindId } from './names.ts';
import type { AlarmConfig } from './settings.ts';
import {
  type AlarmState,
  type BurdenTrack,
  type ChangeTrack,
  type CourseTracks,
  copyVital,
  type DisagreeTrack,
  type LimitTrack,
  type PulselessTrack,
  UNHEARD_VITAL,
  type VitalState,
} from './state.ts';

/**
 * A step of the engine while it is made. Only the functions of this file can change it. Each of them marks the state
 * dirty (`revision` grows, so that the state is stored), unless it can change nothing but values and times of readings,
 * which the next reading brings again. So no other file has to think of the mark, and none can forget it.
 */
export type Transition = {
  /** The state before the step; never changed. */
  readonly before: AlarmState;
  /** The new state: a copy that belongs to the transition. */
  readonly state: AlarmState;
  /** The settings in force; `occupied` and `configured` replace them. */
  readonly config: AlarmConfig;
  readonly events: readonly AlarmEvent[];
};

type Mutable<Thing> = { -readonly [Key in keyof Thing]: Thing[Key] };

type Own = {
  readonly before: AlarmState;
  readonly state: Mutable<Omit<AlarmState, 'vitals' | 'devices'>> & {
    vitals: (VitalState | null)[];
    devices: readonly DeviceState[];
  };
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

/** The fields that may be changed without marking the state dirty. */
export const passing = (transition: Transition): Mutable<Pick<AlarmState, 'at' | 'dueAt'>> => own(transition).state;

/** The fields of the bed that must be remembered. Asking for them marks the state dirty. */
export const edit = (transition: Transition): Mutable<Omit<AlarmState, 'vitals' | 'revision' | 'devices'>> => {
  markDirty(transition);
  return own(transition).state;
};

/** The transition's own copy of the device at a place of the bed, made at the first change. */
const ownDevice = (transition: Transition, place: number): Mutable<DeviceState> => {
  const { state, before } = own(transition);
  const device = state.devices[place];
  if (!device) throw new RangeError(`the bed has no device at place ${place}`);
  if (!before.devices.includes(device)) return device;
  const copy = copyDevice(device);
  const devices = state.devices.slice();
  devices[place] = copy;
  state.devices = devices;
  return copy;
};

/** Times, and what a device reports again and again. */
type Reported = 'heardAt' | 'measuredAt' | 'missing' | 'changedAt';

export type HeardDevice = Mutable<Pick<DeviceState, Reported>> & Readonly<Omit<DeviceState, Reported>>;

/** A device that reports something. What it reports again and again may be changed without marking the state dirty. */
export const passingDevice = (transition: Transition, place: number): HeardDevice => ownDevice(transition, place);

/** The fields of a device that must be remembered. Asking for them marks the state dirty. */
export const editDevice = (
  transition: Transition,
  place: number,
): Mutable<Omit<DeviceState, 'technical'>> & Readonly<Pick<DeviceState, 'technical'>> => {
  markDirty(transition);
  return ownDevice(transition, place);
};

/** Puts other devices at the bed. */
export const putDevices = (transition: Transition, devices: readonly DeviceState[]): void => {
  markDirty(transition);
  own(transition).state.devices = devices;
};

export const putConfig = (transition: Transition, config: AlarmConfig): void => {
  markDirty(transition);
  own(transition).config = config;
};

/** Adds an event: what happened to an alarm or an inactivation. */
export const announce = (transition: Transition, event: AlarmEvent): void => {
  markDirty(transition);
  own(transition).events.push(event);
};

/** What is remembered of a technical kind, by the place of its device at the bed. */
export const trackOf = ({ state }: Transition, place: number, kind: TechnicalKindId): TechnicalTrack =>
  state.devices[place]?.technical[kind] ?? IDLE_TRACKS[kind];

export const putTechnical = (
  transition: Transition,
  place: number,
  kind: TechnicalKindId,
  track: TechnicalTrack,
): void => {
  markDirty(transition);
  const device = ownDevice(transition, place);
  device.technical = settled({ ...device.technical, [kind]: track });
};

/** The transition's own copy of the vital, made at the first change. */
const ownVital = (transition: Transition, index: number): Mutable<VitalState> | undefined => {
  const { vitals } = own(transition).state;
  const vital = vitals[index];
  if (!vital || vital !== transition.before.vitals[index]) return vital ?? undefined;
  const copy = copyVital(vital);
  vitals[index] = copy;
  return copy;
};

/** The fields of a vital that must be remembered. Asking for them marks the state dirty. */
export const editVital = (
  transition: Transition,
  index: number,
): (Mutable<Omit<VitalState, Side>> & Readonly<Pick<VitalState, Side>>) | undefined => {
  const vital = ownVital(transition, index);
  if (vital) markDirty(transition);
  return vital;
};

/** The fields that each reading brings anew. */
type Said = 'source' | 'time' | 'heardAt' | 'value' | 'quality' | 'isUsable' | 'sameReadings' | 'unusableSince';

export type HeardVital = Mutable<Pick<VitalState, Said>> & Readonly<Omit<VitalState, Said>>;

/**
 * A vital from which a reading came. The fields that each reading brings anew may be changed without marking the state
 * dirty.
 */
export const hearVital = (transition: Transition, index: number): HeardVital => {
  const known = ownVital(transition, index);
  if (known) return known;
  markDirty(transition);
  const vital: Mutable<VitalState> = { ...UNHEARD_VITAL };
  const { vitals } = own(transition).state;
  while (vitals.length < index) vitals.push(null);
  vitals[index] = vital;
  return vital;
};

/**
 * Whether nothing began or ceased to count. Only that must be stored: counting longer and a worse value come again with
 * the next reading.
 */
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

/**
 * Puts one side of a vital's limits; a track that neither counts nor has an alarm becomes `null`. A change of its alarm
 * needs no mark here, because announcing it marks the state dirty.
 */
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

const putCourses = (transition: Transition, index: number, courses: CourseTracks, isSame: boolean): void => {
  const vital = ownVital(transition, index);
  if (!vital) return;
  if (!isSame) markDirty(transition);
  vital.courses = Object.keys(courses).length > 0 ? courses : null;
};

/**
 * Whether nothing changed but the newest value. The next reading brings that again; what went into the course comes
 * only once.
 */
const isSameCourse = (before: ChangeTrack | undefined, after: ChangeTrack | null): boolean =>
  before && after
    ? before.course === after.course && (before.since === null) === (after.since === null)
    : (before ?? null) === after;

/**
 * Puts what `change` remembers of a vital; null: it forgets everything. A change of its alarm needs no mark here,
 * because announcing it marks the state dirty. So it is with `putBurden`.
 */
export const putChange = (transition: Transition, index: number, track: ChangeTrack | null): void => {
  const { change, ...others } = transition.state.vitals[index]?.courses ?? {};
  putCourses(transition, index, track ? { ...others, change: track } : others, isSameCourse(change, track));
};

/**
 * Whether no portion began or is forgotten. What is added to the newest portion is not stored with each reading: a
 * restart forgets a twelfth of the set time at most.
 */
const isSameBurden = (before: BurdenTrack | undefined, after: BurdenTrack | null): boolean =>
  before && after
    ? before.portions.length === after.portions.length && before.portions[0]?.from === after.portions[0]?.from
    : (before ?? null) === after;

export const putBurden = (transition: Transition, index: number, track: BurdenTrack | null): void => {
  const { burden, ...others } = transition.state.vitals[index]?.courses ?? {};
  putCourses(transition, index, track ? { ...others, burden: track } : others, isSameBurden(burden, track));
};

export const putDisagree = (transition: Transition, index: number, track: DisagreeTrack | null): void => {
  const { disagree, ...others } = transition.state.vitals[index]?.courses ?? {};
  putCourses(transition, index, track ? { ...others, disagree: track } : others, !disagree === !track);
};

export const putPulseless = (transition: Transition, index: number, track: PulselessTrack | null): void => {
  const { pulseless, ...others } = transition.state.vitals[index]?.courses ?? {};
  const isSame = (pulseless?.since ?? null) === (track?.since ?? null);
  putCourses(transition, index, track ? { ...others, pulseless: track } : others, isSame);
};

/** Forgets all vitals: another patient or device is there, or none. */
export const forgetVitals = (transition: Transition): void => {
  markDirty(transition);
  own(transition).state.vitals.fill(null);
};

/** Makes sure that the vital is in the state even if nothing was heard of it, so that an alarm can be kept with it. */
export const ensureVital = (transition: Transition, index: number): void => {
  hearVital(transition, index);
};
