import { z } from 'zod';
import { VITAL_IDS, type VitalId } from '../../vitals.ts';
import { AlarmEvent, AlarmInput } from '../alarm.ts';
import { AlarmConfig, AlarmOverrides, ConfigVersion, VitalAlarmSettings } from '../settings.ts';
import type { AlarmState } from '../state.ts';
import {
  AlarmV1,
  ConfigV1,
  InactivationV1,
  LEVELS_V1,
  type LimitTrackV1,
  OTHER_LEVELS_V1,
  StateV1,
  V1_ALARM,
  V1_CONFIG_VERSION,
  V1_INACTIVATION,
  V1_LIMIT_TRACK,
  V1_PLAIN_TRACK,
  V1_SETTINGS,
  V1_SINCE,
  V1_STATE,
  V1_VITAL_SETTINGS,
  V1_VITAL_STATE,
  VITAL_IDS_V1,
  type VitalStateV1,
} from './v1.ts';
import { type OnUnknown, parseWrittenState } from './written.ts';

/**
 * Reads what any release wrote, as today's types:
 *
 *   JSON, version 1 ──▶ what it lacks is added ──▶ JSON, version 2 ──▶ parsed
 *
 * A change of what is written is a new version, and the version before it is frozen in a file of its own. A vital or
 * kind that the catalogue gained or lost needs no new version, because vitals and kinds are stored under their names.
 */

/** The version that is written today. Stored data that names no version is of version 1. */
export const FORMAT = 2;

/** A newer release wrote the data: nothing of it may be guessed, and nothing may overwrite it. */
export class NewerFormatError extends Error {
  override readonly name = 'NewerFormatError';
  constructor(what: string, version: number) {
    super(`${what} is of format ${version}, made by a newer wardwatch: this one knows up to ${FORMAT}`);
  }
}

/** The data is not what its format says. */
export class UnreadableFormatError extends Error {
  override readonly name = 'UnreadableFormatError';
}

const ignore: OnUnknown = () => {};

const reading = <Thing>(what: string, version: number, read: () => Thing): Thing => {
  if (version > FORMAT) throw new NewerFormatError(what, version);
  if (!Number.isInteger(version) || version < 1) {
    throw new UnreadableFormatError(`${what} says that it is of format ${version}, and there is none`);
  }
  try {
    return read();
  } catch (cause) {
    if (!(cause instanceof z.ZodError)) throw cause;
    const [issue] = cause.issues;
    const where = issue ? `: ${issue.path.join('.')} ${issue.message}` : '';
    throw new UnreadableFormatError(`${what} is not what format ${version} says${where}`, { cause });
  }
};

/** A vital that a stored configuration does not name raised no alarm: today's preset must not decide in its place. */
const UNWATCHED: VitalAlarmSettings = {
  low: null,
  high: null,
  extremeLow: null,
  extremeHigh: null,
  delayMs: 0,
  extremeDelayMs: 0,
  hysteresis: 0,
  ...V1_VITAL_SETTINGS,
};

const StoredConfig = AlarmConfig.extend({ vitals: z.record(z.string(), VitalAlarmSettings) });

const upcastConfig = (stored: unknown) => {
  const { vitals, version, ...config } = ConfigV1.parse(stored);
  return {
    ...V1_SETTINGS,
    ...config,
    version: { ...V1_CONFIG_VERSION, ...version },
    vitals: Object.fromEntries(Object.entries(vitals).map(([id, one]) => [id, { ...V1_VITAL_SETTINGS, ...one }])),
  };
};

const parseConfig = (stored: unknown, version: number, onUnknown: OnUnknown): AlarmConfig => {
  const { vitals, ...config } = StoredConfig.parse(version === 1 ? upcastConfig(stored) : stored);
  for (const id of Object.keys(vitals)) if (!VITAL_IDS.some((known) => known === id)) onUnknown(id);
  const known = Object.fromEntries(VITAL_IDS.map((id) => [id, vitals[id] ?? UNWATCHED]));
  return { ...config, vitals: known as Record<VitalId, VitalAlarmSettings> };
};

/** Reads a whole configuration. */
export const readConfig = (stored: unknown, version: number, onUnknown = ignore): AlarmConfig =>
  reading('a configuration', version, () => parseConfig(stored, version, onUnknown));

/** Reads the versions that made a configuration, as an alarm names them. */
export const readConfigVersion = (stored: unknown, version: number): ConfigVersion =>
  reading('the version of settings', version, () =>
    ConfigVersion.parse(version === 1 ? { ...V1_CONFIG_VERSION, ...z.object({}).loose().parse(stored) } : stored),
  );

/** Reads the settings in which a unit or a stay differs from the layer below it. */
export const readOverrides = (stored: unknown, version: number): AlarmOverrides =>
  reading('alarm settings', version, () => AlarmOverrides.parse(stored));

const upcastAlarm = (stored: z.infer<typeof AlarmV1>) => ({
  ...V1_ALARM,
  ...stored,
  config: { ...V1_CONFIG_VERSION, ...stored.config },
});

const Envelope = z.object({ alarm: AlarmV1.optional(), inactivation: InactivationV1.optional() }).loose();

const upcastEvent = (stored: unknown): unknown => {
  const { alarm, inactivation, ...rest } = Envelope.parse(stored);
  return {
    ...rest,
    ...(alarm ? { alarm: upcastAlarm(alarm) } : {}),
    ...(inactivation ? { inactivation: { ...V1_INACTIVATION, ...inactivation } } : {}),
  };
};

/** Reads what happened to an alarm or an inactivation. */
export const readEvent = (stored: unknown, version: number): AlarmEvent =>
  reading('an alarm event', version, () => AlarmEvent.parse(version === 1 ? upcastEvent(stored) : stored));

const Configured = z.object({ type: z.enum(['occupied', 'configured']), config: z.unknown() }).loose();

/** Reads an input of the engine. */
export const readInput = (stored: unknown, version: number, onUnknown = ignore): AlarmInput =>
  reading('an input', version, () => {
    const { data } = Configured.safeParse(stored);
    return AlarmInput.parse(data ? { ...data, config: parseConfig(data.config, version, onUnknown) } : stored);
  });

const upcastTrack = (levels: readonly string[], track: LimitTrackV1 | null) =>
  track && {
    ...V1_LIMIT_TRACK,
    alarm: track.alarm && upcastAlarm(track.alarm),
    isPart: track.alarm?.state === 'active',
    since: Object.fromEntries(
      levels.flatMap((level, place) => (track.since[place] ? [[level, { ...V1_SINCE, ...track.since[place] }]] : [])),
    ),
  };

const upcastVital = (id: string, vital: VitalStateV1) => {
  const { low, high } = id in LEVELS_V1 ? LEVELS_V1[id as keyof typeof LEVELS_V1] : OTHER_LEVELS_V1;
  return {
    ...V1_VITAL_STATE,
    ...vital,
    low: upcastTrack(low, vital.low),
    high: upcastTrack(high, vital.high),
    signal: vital.signal && upcastAlarm(vital.signal),
    isLost: vital.signal !== null,
    firstSignAt: vital.firstBreathAt,
  };
};

const upcastState = (stored: unknown): unknown => {
  const { plain, vitals, inactivations, ...rest } = StateV1.parse(stored);
  const tracks = Object.entries(plain).map(([kind, { since, alarm }]) => [
    kind,
    { ...V1_PLAIN_TRACK, since, alarm: alarm && upcastAlarm(alarm) },
  ]);
  const byId = VITAL_IDS_V1.flatMap((id, place) => {
    const vital = vitals[place];
    return vital ? [[id, upcastVital(id, vital)]] : [];
  });
  const heart = vitals[VITAL_IDS_V1.indexOf('heart-rate')];
  const breath = vitals[VITAL_IDS_V1.indexOf('respiratory-rate')];
  return {
    ...V1_STATE,
    ...rest,
    // Version 1 assumed a beating heart of every patient who had a heart rate.
    hasBeaten: !!heart,
    hasBreathed: breath?.isArmed ?? false,
    plain: Object.fromEntries(tracks),
    vitals: Object.fromEntries(byId),
    inactivations: inactivations.map((one) => ({ ...V1_INACTIVATION, ...one })),
  };
};

/**
 * Reads a state of the engine. `onUnknown` is called for each vital and kind that is left out because this program does
 * not know it.
 */
export const readState = (stored: unknown, version: number, onUnknown = ignore): AlarmState =>
  reading('the state of alarms', version, () =>
    parseWrittenState(version === 1 ? upcastState(stored) : stored, onUnknown),
  );
