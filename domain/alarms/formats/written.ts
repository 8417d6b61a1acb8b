import { z } from 'zod';
import { VITAL_IDS } from '../../vitals.ts';
import { Alarm, Inactivation } from '../alarm.ts';
import { LIMIT_KINDS } from '../limit-kinds.ts';
import { COURSE_KIND_IDS, type ConditionId, type Side, TECHNICAL_KIND_IDS } from '../names.ts';
import {
  type AlarmState,
  type BurdenTrack,
  type ChangeTrack,
  type CourseTracks,
  type GatewayTrack,
  IDLE_TRACKS,
  initialState,
  type LimitTrack,
  settled,
  type TechnicalTrack,
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

const WrittenCourses = z.object({
  change: z.object(changeFields).optional(),
  burden: z.object(burdenFields).optional(),
}) satisfies z.ZodType<CourseTracks>;

/**
 * `courses` is left out when no kind watches the course of the vital, as it was before there were such kinds. An older
 * release wrote no `sameReadings`.
 */
type WrittenVital = Omit<VitalState, Side | 'courses' | 'sameReadings'> & {
  readonly low: WrittenTrack | null;
  readonly high: WrittenTrack | null;
  readonly courses?: Readonly<Record<string, unknown>> | undefined;
  readonly sameReadings?: number | undefined;
};

const vitalFields = {
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

/** An older release wrote no `changedAt`. `gateways` is left out where there is none, as at every bed. */
export type WrittenState = Omit<AlarmState, 'technical' | 'vitals' | 'changedAt' | 'gateways'> & {
  readonly changedAt?: number | undefined;
  readonly gateways?: readonly GatewayTrack[] | undefined;
  readonly plain: Readonly<Record<string, TechnicalTrack>>;
  readonly vitals: Readonly<Record<string, WrittenVital>>;
};

const stateFields = {
  subject: z.string(),
  at: EpochMs,
  count: z.number(),
  revision: z.number(),
  device: z.string().nullable(),
  encounter: z.number().nullable(),
  heardAt: EpochMs.nullable(),
  resumedAt: EpochMs,
  expectedFrom: EpochMs,
  linkBackAt: EpochMs,
  missing: z.number(),
  changedAt: EpochMs.optional(),
  intervalMs: z.number().nullable(),
  hasBeaten: z.boolean(),
  hasBreathed: z.boolean(),
  roomAir: z.object({ by: z.string(), at: EpochMs }).nullable(),
  isHighSpo2Off: z.boolean(),
  plain: z.record(z.string(), z.unknown()),
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

/** Returns plain data that can be kept as JSON. */
export const writeState = (state: AlarmState): WrittenState => {
  const vitals: Record<string, WrittenVital> = {};
  for (const [index, id] of VITAL_IDS.entries()) {
    const vital = state.vitals[index];
    if (!vital) continue;
    vitals[id] = {
      ...vital,
      low: writeTrack(index, 'low', vital.low),
      high: writeTrack(index, 'high', vital.high),
      courses: vital.courses ?? undefined,
    };
  }
  const { technical, gateways, ...rest } = state;
  return { ...rest, plain: technical, ...(gateways.length > 0 && { gateways }), vitals };
};

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

/**
 * Reads a written state. A vital or kind that is not in it was never heard. Throws a ZodError for what is no such
 * state.
 */
export const parseWrittenState = (stored: unknown, onUnknown: OnUnknown): AlarmState => {
  const { plain, vitals, ...rest } = WrittenState.parse(stored);
  const tracks = { ...IDLE_TRACKS };
  for (const kind of TECHNICAL_KIND_IDS) {
    if (plain[kind] !== undefined) tracks[kind] = WrittenTechnicalTrack.parse(plain[kind]);
  }
  const known: (VitalState | null)[] = initialState(rest.subject).vitals.slice();
  for (const [index, id] of VITAL_IDS.entries()) {
    if (vitals[id] === undefined) continue;
    const vital = WrittenVital.parse(vitals[id]);
    known[index] = {
      ...vital,
      sameReadings: vital.sameReadings ?? 0,
      low: readTrack(index, 'low', vital.low),
      high: readTrack(index, 'high', vital.high),
      courses: readCourses(vital.courses, onUnknown),
    };
  }
  const names: readonly string[] = [...VITAL_IDS, ...TECHNICAL_KIND_IDS];
  for (const name of [...Object.keys(vitals), ...Object.keys(plain)]) if (!names.includes(name)) onUnknown(name);
  return {
    ...rest,
    changedAt: rest.changedAt ?? rest.at,
    technical: settled(tracks),
    gateways: rest.gateways ?? [],
    vitals: known,
  };
};
