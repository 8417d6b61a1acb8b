import { z } from 'zod';
import { VITAL_IDS } from '../../vitals.ts';
import { Alarm, Inactivation } from '../alarm.ts';
import { type DeviceState, IDLE_TRACKS, NEVER, settled, type TechnicalTrack, unheardDevice } from '../device-state.ts';
import { isWatched } from '../levels.ts';
import { LIMIT_KINDS } from '../limit-kinds.ts';
import { COURSE_KIND_IDS, type ConditionId, type Side, TECHNICAL_KIND_IDS } from '../names.ts';
import type { AlarmConfig } from '../settings.ts';
import {
  type AlarmState,
  type BurdenTrack,
  type ChangeTrack,
  type CourseTracks,
  type DisagreeTrack,
  type GatewayTrack,
  initialState,
  type LimitTrack,
  type PulselessTrack,
  type VitalState,
} from '../state.ts';

/**
 * The engine's state as it is written today. In memory, vitals and levels stand at their places in the catalogue, which
 * another release may order differently; in the written form each stands under its name.
 */

/** A schema for every field: a field that is added to the type and not here does not compile. */
type Fields<Thing> = { readonly [Key in keyof Thing]-?: z.ZodType<Thing[Key]> };

const EpochMs = z.number();

const technicalTrackFields = { since: EpochMs.nullable(), alarm: Alarm.nullable() } satisfies Fields<TechnicalTrack>;

const gatewayTrackFields = {
  gateway: z.string(),
  beds: z.number(),
  since: EpochMs,
  alarm: Alarm.nullable(),
} satisfies Fields<GatewayTrack>;

const Since = z.object({ time: EpochMs, at: EpochMs, readings: z.number() });

type WrittenTrack = Omit<LimitTrack, 'since'> & { readonly since: Readonly<Record<string, z.infer<typeof Since>>> };

const limitTrackFields = {
  since: z.record(z.string(), Since),
  alarm: Alarm.nullable(),
  isPart: z.boolean(),
} satisfies Fields<WrittenTrack>;
const WrittenTrack = z.object(limitTrackFields);

const changeFields = {
  course: z.array(z.object({ from: EpochMs, low: z.number(), high: z.number() })),
  newest: z.object({ time: EpochMs, value: z.number() }).nullable(),
  since: Since.nullable(),
  alarm: Alarm.nullable(),
} satisfies Fields<ChangeTrack>;

const burdenFields = {
  portions: z.array(z.object({ from: EpochMs, burden: z.number() })),
  newest: z.object({ time: EpochMs, depth: z.number() }).nullable(),
  alarm: Alarm.nullable(),
} satisfies Fields<BurdenTrack>;

const disagreeFields = {
  device: z.string(),
  since: EpochMs,
  heardAt: EpochMs,
  value: z.number(),
  alarm: Alarm.nullable(),
} satisfies Fields<DisagreeTrack>;

const pulselessFields = {
  since: EpochMs.nullable(),
  alarm: Alarm.nullable(),
} satisfies Fields<PulselessTrack>;

const WrittenCourses = z.object({
  change: z.object(changeFields).optional(),
  burden: z.object(burdenFields).optional(),
  disagree: z.object(disagreeFields).optional(),
  pulseless: z.object(pulselessFields).optional(),
}) satisfies z.ZodType<CourseTracks>;

/**
 * `courses` is left out when no kind watches the course of the vital, as it was before there were such kinds, and
 * `source` when it is the first device. An older release wrote no `sameReadings`.
 */
type WrittenVital = Omit<VitalState, Side | 'source' | 'courses' | 'sameReadings'> & {
  readonly source?: string | null | undefined;
  readonly low: WrittenTrack | null;
  readonly high: WrittenTrack | null;
  readonly courses?: Readonly<Record<string, unknown>> | undefined;
  readonly sameReadings?: number | undefined;
};

const vitalFields = {
  source: z.string().nullable().optional(),
  time: EpochMs,
  heardAt: EpochMs,
  value: z.number().nullable(),
  quality: z.number(),
  isUsable: z.boolean(),
  sameReadings: z.number().optional(),
  isStale: z.boolean(),
  low: WrittenTrack.nullable(),
  high: WrittenTrack.nullable(),
  courses: z.record(z.string(), z.unknown()).optional(),
  noValueSince: EpochMs.nullable(),
  poorSince: EpochMs.nullable(),
  unusableSince: EpochMs.nullable(),
  signal: Alarm.nullable(),
  isLost: z.boolean(),
  firstSignAt: EpochMs.nullable(),
} satisfies Fields<WrittenVital>;

/** An older release wrote no `measuredAt` and no `changedAt`. */
type WrittenDevice = Omit<DeviceState, 'id' | 'technical' | 'measuredAt' | 'changedAt'> & {
  readonly device: string | null;
  readonly measuredAt?: number | undefined;
  readonly changedAt?: number | undefined;
  readonly plain: Readonly<Record<string, TechnicalTrack>>;
};

const deviceFields = {
  device: z.string().nullable(),
  heardAt: EpochMs.nullable(),
  measuredAt: EpochMs.optional(),
  expectedFrom: EpochMs,
  linkBackAt: EpochMs,
  missing: z.number(),
  changedAt: EpochMs.optional(),
  intervalMs: z.number().nullable(),
  plain: z.record(z.string(), z.unknown()),
} satisfies { readonly [Key in keyof WrittenDevice]-?: z.ZodType };
const WrittenDevice = z.object(deviceFields);

/**
 * The first device stands where the only one stood before a bed could have several; `others` and `gateways` are left out
 * without any.
 */
export type WrittenState = Omit<AlarmState, 'devices' | 'vitals' | 'gateways' | 'hasPulsed'> &
  WrittenDevice & {
    readonly hasPulsed?: boolean | undefined;
    readonly gateways?: readonly GatewayTrack[] | undefined;
    readonly others?: readonly WrittenDevice[] | undefined;
    readonly vitals: Readonly<Record<string, WrittenVital>>;
  };

const stateFields = {
  subject: z.string(),
  at: EpochMs,
  count: z.number(),
  revision: z.number(),
  ...deviceFields,
  others: z.array(WrittenDevice).optional(),
  encounter: z.number().nullable(),
  resumedAt: EpochMs,
  hasBeaten: z.boolean(),
  hasBreathed: z.boolean(),
  hasPulsed: z.boolean().optional(),
  roomAir: z.object({ by: z.string(), at: EpochMs }).nullable(),
  isHighSpo2Off: z.boolean(),
  gateways: z.array(z.object(gatewayTrackFields)).optional(),
  vitals: z.record(z.string(), z.unknown()),
  inactivations: z.array(Inactivation),
  dueAt: EpochMs.nullable(),
} satisfies { readonly [Key in keyof WrittenState]-?: z.ZodType };

/** Vitals and kinds are read one by one, and only those that are known. */
const WrittenState = z.object(stateFields);
const WrittenVital = z.object(vitalFields);
const WrittenTechnicalTrack = z.object(technicalTrackFields);

const writeTrack = (index: number, side: Side, track: LimitTrack | null): WrittenTrack | null => {
  if (!track) return null;
  const levels = LIMIT_KINDS[index]?.[side].levels ?? [];
  const since: Record<string, z.infer<typeof Since>> = {};
  for (const [place, level] of levels.entries()) {
    const held = track.since[place];
    if (held) since[level.condition] = held;
  }
  return { ...track, since };
};

const writeDevice = ({ id, technical, ...rest }: DeviceState): WrittenDevice => ({
  device: id,
  ...rest,
  plain: technical,
});

/** Returns plain data that can be kept as JSON. */
export const writeState = ({ devices, gateways, vitals, ...rest }: AlarmState): WrittenState => {
  const [first = unheardDevice(null, 0), ...others] = devices;
  const written: Record<string, WrittenVital> = {};
  for (const [index, id] of VITAL_IDS.entries()) {
    const vital = vitals[index];
    if (!vital) continue;
    written[id] = {
      ...vital,
      source: vital.source === first.id ? undefined : vital.source,
      low: writeTrack(index, 'low', vital.low),
      high: writeTrack(index, 'high', vital.high),
      courses: vital.courses ?? undefined,
    };
  }
  const more = others.length > 0 ? { others: others.map(writeDevice) } : {};
  const lost = gateways.length > 0 ? { gateways } : {};
  return { ...rest, ...writeDevice(first), ...more, ...lost, vitals: written };
};

/**
 * The configuration as it is written beside a state: without the vitals of which nothing is decided. Who reads it takes a
 * vital that is not named for one without limits, and so did every release, so that a bed with eight vitals does not carry
 * the settings of fifty.
 */
export const writeConfig = (config: AlarmConfig): Omit<AlarmConfig, 'vitals'> & { readonly vitals: object } => ({
  ...config,
  vitals: Object.fromEntries(
    VITAL_IDS.flatMap((id, index) => (isWatched(index, config) ? [[id, config.vitals[id]]] : [])),
  ),
});

const readTrack = (index: number, side: Side, written: WrittenTrack | null): LimitTrack | null => {
  if (!written) return null;
  const levels = LIMIT_KINDS[index]?.[side].levels ?? [];
  return {
    ...written,
    since: levels.map(({ condition }: { condition: ConditionId }) => written.since[condition] ?? null),
  };
};

/** Called with the name of each stored part that this program does not know: the part is left out. */
export type OnUnknown = (what: string) => void;

const readCourses = (
  written: Readonly<Record<string, unknown>> | undefined,
  onUnknown: OnUnknown,
): CourseTracks | null => {
  if (!written) return null;
  const names: readonly string[] = COURSE_KIND_IDS;
  for (const name of Object.keys(written)) if (!names.includes(name)) onUnknown(name);
  const courses = WrittenCourses.parse(written);
  return Object.keys(courses).length > 0 ? courses : null;
};

const readDevice = (
  { device, plain, ...rest }: z.infer<typeof WrittenDevice>,
  at: number,
  onUnknown: OnUnknown,
): DeviceState => {
  const tracks = { ...IDLE_TRACKS };
  for (const kind of TECHNICAL_KIND_IDS) {
    if (plain[kind] !== undefined) tracks[kind] = WrittenTechnicalTrack.parse(plain[kind]);
  }
  const names: readonly string[] = TECHNICAL_KIND_IDS;
  for (const name of Object.keys(plain)) if (!names.includes(name)) onUnknown(name);
  const { measuredAt = NEVER, changedAt = at } = rest;
  return { ...rest, id: device, measuredAt, changedAt, technical: settled(tracks) };
};

const readVital = (index: number, stored: unknown, first: string | null, onUnknown: OnUnknown): VitalState => {
  const vital = WrittenVital.parse(stored);
  return {
    ...vital,
    source: vital.source === undefined ? first : vital.source,
    sameReadings: vital.sameReadings ?? 0,
    low: readTrack(index, 'low', vital.low),
    high: readTrack(index, 'high', vital.high),
    courses: readCourses(vital.courses, onUnknown),
  };
};

/**
 * Reads a written state. A vital or kind that is not in it was never heard. Throws a ZodError for what is no such
 * state.
 */
export const parseWrittenState = (stored: unknown, onUnknown: OnUnknown): AlarmState => {
  const written = WrittenState.parse(stored);
  const { subject, at, count, revision, encounter, resumedAt, hasBeaten, hasBreathed, roomAir } = written;
  const { hasPulsed = false, isHighSpo2Off, inactivations, dueAt, vitals, others = [], gateways = [] } = written;
  const known: (VitalState | null)[] = initialState(subject).vitals.slice();
  for (const [index, id] of VITAL_IDS.entries()) {
    if (vitals[id] === undefined) continue;
    while (known.length < index) known.push(null);
    known[index] = readVital(index, vitals[id], written.device, onUnknown);
  }
  const names: readonly string[] = VITAL_IDS;
  for (const name of Object.keys(vitals)) if (!names.includes(name)) onUnknown(name);
  const devices = [WrittenDevice.parse(written), ...others].map((device) => readDevice(device, at, onUnknown));
  const times = { at, count, revision, encounter, resumedAt, dueAt };
  const bed = { hasBeaten, hasBreathed, hasPulsed, roomAir, isHighSpo2Off, inactivations };
  return { subject, ...times, devices, ...bed, gateways, vitals: known };
};
