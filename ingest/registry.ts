import { createHash, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import { Bed } from '#contracts/http/beds.ts';
import { Unit } from '#contracts/http/units.ts';
import { AgeGroupSchema } from '#domain/age-group.ts';
import { readOverrides } from '#domain/alarms/formats/upcast.ts';
import { type AlarmConfig, PRESETS, resolveConfig } from '#domain/alarms/settings.ts';
import { Id } from '#domain/id.ts';
import { DeviceRole } from '#domain/sources/roles.ts';
import type { AgeGroup } from '#domain/vitals.ts';
import type { Source } from './record.ts';

/**
 * Who is where: units, beds, devices, patients, and when which was assigned to which. Kept in memory because every
 * message asks, and remembered on disk because a station must take messages when its database is away at the start.
 */

const EpochMs = z.number();
const Period = { start: EpochMs, end: EpochMs.nullable() };

export const RegisteredDevice = z.object({
  id: Id,
  unit: Id,
  secretHash: z.string(),
  /** How far apart its messages are expected to be; none: it sends continuously. */
  intervalMs: z.number().nullish(),
  /** A copy from before devices had roles has none. */
  role: DeviceRole.optional(),
});
export type RegisteredDevice = z.infer<typeof RegisteredDevice>;

/** One that publishes for several devices, and its secret. A device is listed under one gateway at most. */
export const RegisteredGateway = z.object({ id: Id, secretHash: z.string(), devices: z.array(Id) });
export type RegisteredGateway = z.infer<typeof RegisteredGateway>;

/** The whole registry as plain data: what the database is asked for and the disk remembers. */
export const RegistryData = z.object({
  units: z.array(Unit),
  beds: z.array(Bed),
  devices: z.array(RegisteredDevice),
  /** A copy from before there were gateways has none. */
  gateways: z.array(RegisteredGateway).default([]),
  patients: z.array(z.object({ id: z.int(), name: z.string(), ageGroup: AgeGroupSchema })),
  /** Newest first, so that the one that is open, if any, is found first. */
  encounters: z.array(z.object({ id: z.int(), patient: z.int(), bed: Id, ...Period })),
  assignments: z.array(z.object({ device: Id, bed: Id, ...Period })),
  /**
   * The settings in force: those of a unit and age group, and those of stays that go on. A copy from before settings
   * existed has none.
   */
  alarmSettings: z
    .array(
      z
        .object({
          version: z.int(),
          unit: Id.nullable(),
          ageGroup: AgeGroupSchema.nullable(),
          encounter: z.int().nullable(),
          overrides: z.unknown(),
          /** The format of the overrides; those of release 0.1.0 name none. */
          format: z.int().default(1),
        })
        .transform(({ format, overrides, ...rest }) => ({
          ...rest,
          format,
          overrides: readOverrides(overrides, format),
        })),
    )
    .default([]),
});
export type RegistryData = z.infer<typeof RegistryData>;

type Period = { readonly start: number; readonly end: number | null };

export type Registry = {
  readonly data: RegistryData;
  readonly device: (id: string) => RegisteredDevice | undefined;
  readonly gateway: (id: string) => RegisteredGateway | undefined;
  /** The gateway that a device is listed under. */
  readonly gatewayOf: (device: string) => string | undefined;
  /** The secret is the one this device or gateway was given. */
  readonly authenticate: (name: string, secret: Uint8Array) => boolean;
  /** The bed and encounter of a device's measurement at a time. */
  readonly sourceAt: (device: string, timeMs: number) => Source;
  readonly assignmentOf: (device: string, timeMs: number) => RegistryData['assignments'][number] | undefined;
  /** The source in a span of time, if it was the same all the while, both ends included; else undefined. */
  readonly sourceOver: (device: string, fromMs: number, toMs: number) => Source | undefined;
  /** The source of a measurement when it is not known whose it is. */
  readonly sourceOfNobody: (device: string) => Source;
  readonly bedOf: (device: string, timeMs: number) => string | null;
  readonly encounterIn: (bed: string, timeMs: number) => RegistryData['encounters'][number] | undefined;
  /** A stay or an assignment began or ended after the one time, up to the other. */
  readonly changesWithin: (fromMs: number, toMs: number) => boolean;
  /** The alarm settings of who is in the bed at a time: the same object as long as they are the same. */
  readonly configOf: (bed: string, timeMs: number, presets?: Readonly<Record<AgeGroup, AlarmConfig>>) => AlarmConfig;
};

const EMPTY: RegistryData = {
  units: [],
  beds: [],
  devices: [],
  gateways: [],
  patients: [],
  encounters: [],
  assignments: [],
  alarmSettings: [],
};

const covers = ({ start, end }: Period, timeMs: number): boolean => start <= timeMs && (end === null || timeMs < end);

const changesWithin =
  (fromMs: number, toMs: number) =>
  ({ start, end }: Period): boolean =>
    (start > fromMs && start <= toMs) || (end !== null && end > fromMs && end <= toMs);

const groupBy = <Item, Key>(items: readonly Item[], keyOf: (item: Item) => Key): Map<Key, Item[]> => {
  const groups = new Map<Key, Item[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group) group.push(item);
    else groups.set(keyOf(item), [item]);
  }
  return groups;
};

/** Who was where, and the settings of who is in a bed. */
const indexStays = (data: RegistryData): Pick<Registry, 'assignmentOf' | 'bedOf' | 'encounterIn' | 'configOf'> => {
  const assignments = groupBy(data.assignments, (assignment) => assignment.device);
  const encounters = groupBy(data.encounters, (encounter) => encounter.bed);
  const units = new Map(data.beds.map(({ id, unit }) => [id, unit]));
  const ageGroups = new Map(data.patients.map(({ id, ageGroup }) => [id, ageGroup]));
  const ofUnits = new Map(data.alarmSettings.map((settings) => [`${settings.unit} ${settings.ageGroup}`, settings]));
  const ofStays = new Map(data.alarmSettings.map((settings) => [settings.encounter, settings]));
  const configs = new Map<string, AlarmConfig>();

  const assignmentOf: Registry['assignmentOf'] = (device, timeMs) =>
    assignments.get(device)?.find((assignment) => covers(assignment, timeMs));
  const encounterIn: Registry['encounterIn'] = (bed, timeMs) =>
    encounters.get(bed)?.find((encounter) => covers(encounter, timeMs));

  return {
    assignmentOf,
    encounterIn,
    bedOf: (device, timeMs) => assignmentOf(device, timeMs)?.bed ?? null,
    configOf(bed, timeMs, presets = PRESETS) {
      const encounter = encounterIn(bed, timeMs);
      const ageGroup = (encounter && ageGroups.get(encounter.patient)) ?? 'adult';
      const unit = ofUnits.get(`${units.get(bed)} ${ageGroup}`);
      const stay = encounter && ofStays.get(encounter.id);
      const preset = presets[ageGroup];
      const key = `${ageGroup} ${preset.version.presetRevision} ${unit?.version} ${stay?.version}`;
      const known = configs.get(key);
      if (known) return known;
      const config = resolveConfig(ageGroup, unit, stay, preset);
      configs.set(key, config);
      return config;
    },
  };
};

/** Whose a measurement is. Sources are compared and counted by identity on the hot path: one object for each that is in use. */
const indexSources = (
  data: RegistryData,
  { assignmentOf, encounterIn }: Pick<Registry, 'assignmentOf' | 'encounterIn'>,
): Pick<Registry, 'sourceAt' | 'sourceOver' | 'sourceOfNobody'> => {
  const assignments = groupBy(data.assignments, (assignment) => assignment.device);
  const encounters = groupBy(data.encounters, (encounter) => encounter.bed);
  const sources = new Map<string, Source>();
  // The last answer for a device and how long it holds: its next message nearly always asks the same.
  const recentSources = new Map<string, Period & { readonly source: Source }>();

  const theSource = (source: Source): Source => {
    const key = `${source.device} ${source.bed} ${source.encounter}`;
    const known = sources.get(key);
    if (known) return known;
    sources.set(key, source);
    return source;
  };

  const sourceAt = (device: string, timeMs: number): Source => {
    const recent = recentSources.get(device);
    if (recent && covers(recent, timeMs)) return recent.source;
    const assignment = assignmentOf(device, timeMs);
    const bed = assignment?.bed ?? null;
    const encounter = bed === null ? undefined : encounterIn(bed, timeMs);
    const source = theSource({ device, bed, encounter: encounter?.id ?? null });
    if (assignment && encounter) {
      const start = Math.max(assignment.start, encounter.start);
      const end = Math.min(assignment.end ?? Number.POSITIVE_INFINITY, encounter.end ?? Number.POSITIVE_INFINITY);
      recentSources.set(device, { source, start, end });
    }
    return source;
  };

  return {
    sourceAt,
    sourceOver(device, fromMs, toMs) {
      const source = sourceAt(device, toMs);
      const recent = recentSources.get(device);
      if (recent && covers(recent, fromMs) && covers(recent, toMs)) return source;
      const isMoved = assignments.get(device)?.some(changesWithin(fromMs, toMs));
      const isOther = source.bed !== null && encounters.get(source.bed)?.some(changesWithin(fromMs, toMs));
      return isMoved || isOther ? undefined : source;
    },
    sourceOfNobody: (device) => theSource({ device, bed: null, encounter: null }),
  };
};

export const indexRegistry = (data: RegistryData = EMPTY): Registry => {
  const devices = new Map(data.devices.map((device) => [device.id, device]));
  const gateways = new Map(data.gateways.map((gateway) => [gateway.id, gateway]));
  const gatewayOf = new Map(data.gateways.flatMap(({ id, devices: listed }) => listed.map((device) => [device, id])));
  const stays = indexStays(data);
  return {
    data,
    device: (id) => devices.get(id),
    gateway: (id) => gateways.get(id),
    gatewayOf: (device) => gatewayOf.get(device),
    changesWithin(fromMs, toMs) {
      const isWithin = changesWithin(fromMs, toMs);
      return data.assignments.some(isWithin) || data.encounters.some(isWithin);
    },
    authenticate(name, secret) {
      const known = devices.get(name) ?? gateways.get(name);
      if (!known) return false;
      const given = createHash('sha256').update(secret).digest();
      const expected = Buffer.from(known.secretHash, 'hex');
      return given.length === expected.length && timingSafeEqual(given, expected);
    },
    ...stays,
    ...indexSources(data, stays),
  };
};
