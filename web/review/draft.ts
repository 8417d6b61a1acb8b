import { hasCourseKind, hasExtreme } from '#domain/alarms/conditions.ts';
import { type AlarmConfig, AlarmOverrides, override } from '#domain/alarms/settings.ts';
import {
  CHANGE_WITHIN_MS,
  DISAGREE_AFTER_MS,
  LOW_BURDEN_WITHIN_MS,
  NO_PULSE_DELAY_MS,
} from '#domain/alarms/vital-settings.ts';
import { sourceOrder } from '#domain/sources/choice.ts';
import { VITAL_IDS, type VitalId } from '#domain/vitals.ts';

/** Settings as they are typed: a text for each field, none where it is as in the layer below. */

export const VITAL_FIELDS = [
  'extremeLow',
  'low',
  'high',
  'extremeHigh',
  'delayMs',
  'extremeDelayMs',
  'hysteresis',
  'changeBy',
  'changeWithinMs',
  'lowBurden',
  'lowBurdenWithinMs',
  'disagreeBy',
  'disagreeAfterMs',
  'sources',
] as const;
export type VitalField = (typeof VITAL_FIELDS)[number];

export const COMMON_FIELDS = [
  'asystoleDelayMs',
  'noPulseDelayMs',
  'apnoeaDelayMs',
  'apnoeaArmAfterMs',
  'sensorOffDelayMs',
  'signalPoorDelayMs',
  'deviceSilentAfterMs',
  'deviceOfflineDelayMs',
  'frozenAfterMs',
  'gapDelayMs',
  'clockToleranceMs',
  'maxPauseMs',
  'batteryLowPercent',
] as const;
export type CommonField = (typeof COMMON_FIELDS)[number];

export type DraftKey = CommonField | `${VitalId}.${VitalField}`;
export type Draft = Readonly<Partial<Record<DraftKey, string>>>;

/** The same in every language, so that a draft means the same in all. */
export const OFF = 'off';

const SECOND = 1_000;

const isTime = (field: VitalField | CommonField): boolean => field.endsWith('Ms');
/** Extremes are of high priority, and cannot be off. */
const mayBeOff = (field: VitalField | CommonField): boolean =>
  !field.startsWith('extreme') &&
  (AlarmOverrides.safeParse({ [field]: null }).success ||
    AlarmOverrides.safeParse({ vitals: { spo2: { [field]: null } } }).success);

/** Whether a vital has the field at all. */
export const hasField = (id: VitalId, field: VitalField): boolean => {
  if (field === 'extremeLow') return hasExtreme(id, 'low');
  if (field === 'extremeHigh') return hasExtreme(id, 'high');
  if (field === 'lowBurden' || field === 'lowBurdenWithinMs') return hasCourseKind(id, 'burden');
  return field !== 'extremeDelayMs' || hasExtreme(id, 'low') || hasExtreme(id, 'high');
};

/** `sources` is a list of roles; everything else is a number, or off. */
export type SettingValue = number | null | readonly string[];

/** The text as it is typed: times are in seconds, roles are named as they are stored, in every language. */
export const written = (value: SettingValue, field: VitalField | CommonField): string => {
  if (value === null) return OFF;
  if (typeof value === 'number') return String(isTime(field) ? value / SECOND : value);
  return value.join(', ');
};

type Entry = { readonly key: DraftKey; readonly id?: VitalId; readonly field: VitalField | CommonField };

const ENTRIES: readonly Entry[] = [
  ...VITAL_IDS.flatMap((id) => VITAL_FIELDS.map((field) => ({ key: `${id}.${field}` as const, id, field }))),
  ...COMMON_FIELDS.map((field) => ({ key: field, field })),
];

type Values = { readonly [key: string]: unknown };

const valueIn = (settings: AlarmOverrides, { id, field }: Omit<Entry, 'key'>): SettingValue | undefined => {
  const of: Values | undefined = id ? settings.vitals?.[id] : settings;
  return of?.[field] as SettingValue | undefined;
};

const DEFAULTS: Readonly<Partial<Record<VitalField | CommonField, number>>> = {
  changeWithinMs: CHANGE_WITHIN_MS,
  lowBurdenWithinMs: LOW_BURDEN_WITHIN_MS,
  noPulseDelayMs: NO_PULSE_DELAY_MS,
  disagreeAfterMs: DISAGREE_AFTER_MS,
};

/** What a whole configuration has. What it says nothing of is as it is by default, or else off. */
export const heldBy = (config: AlarmConfig, entry: Omit<Entry, 'key'>): SettingValue => {
  const { id, field } = entry;
  if (field === 'sources' && id) return valueIn(config, entry) ?? sourceOrder(id, config).slice(0, 1);
  return valueIn(config, entry) ?? DEFAULTS[field] ?? null;
};

export const draftOf = (overrides: AlarmOverrides): Draft =>
  Object.fromEntries(
    ENTRIES.flatMap((entry) => {
      const value = valueIn(overrides, entry);
      return value === undefined ? [] : [[entry.key, written(value, entry.field)]];
    }),
  );

/** undefined when the text is neither a number nor, where that is allowed, off. */
const parsed = (text: string, field: VitalField | CommonField): SettingValue | undefined => {
  if (field === 'sources')
    return text
      .toLowerCase()
      .split(/[\s,，、]+/)
      .filter(Boolean);
  const words = text.trim().toLowerCase().replace(',', '.');
  if (words === OFF) return mayBeOff(field) ? null : undefined;
  const value = Number(words);
  if (!Number.isFinite(value)) return undefined;
  return isTime(field) ? Math.round(value * SECOND) : value;
};

export type Fault = 'number' | 'range';

export type Reading = {
  /** What is typed, as far as it can be read; over what `kept` has besides. */
  readonly overrides: AlarmOverrides;
  readonly faults: ReadonlyMap<DraftKey, Fault>;
};

/** Put together from entries; `kept` is left as it is where no field shows it. */
const build = (kept: AlarmOverrides, values: readonly (readonly [Entry, SettingValue])[]): Values => {
  const { vitals: _vitals, ...others } = kept;
  const common: Record<string, unknown> = { ...others };
  for (const field of COMMON_FIELDS) delete common[field];
  const vitals: Record<string, Record<string, unknown>> = {};
  for (const [{ id, field }, value] of values) {
    if (id) vitals[id] = { ...vitals[id], [field]: value };
    else common[field] = value;
  }
  return Object.keys(vitals).length > 0 ? { ...common, vitals } : common;
};

export const readDraft = (draft: Draft, kept: AlarmOverrides = {}): Reading => {
  const faults = new Map<DraftKey, Fault>();
  const values: [Entry, SettingValue][] = [];
  for (const entry of ENTRIES) {
    const text = draft[entry.key];
    if (text === undefined || text.trim() === '') continue;
    const value = parsed(text, entry.field);
    const alone = value === undefined ? undefined : AlarmOverrides.safeParse(build({}, [[entry, value]]));
    if (value === undefined || !alone) faults.set(entry.key, 'number');
    else if (!alone.success) faults.set(entry.key, 'range');
    else values.push([entry, value]);
  }
  return { overrides: AlarmOverrides.parse(build(kept, values)), faults };
};

/** A setting that is other than it was, as it is typed; `id` undefined: of no vital. */
export type SettingChange = {
  readonly id: VitalId | undefined;
  readonly field: VitalField | CommonField;
  readonly from: string;
  readonly to: string;
};

/** What would change from what is in force to what would be, over the same settings. */
export const changesOf = (
  below: AlarmConfig,
  present: AlarmOverrides,
  next: AlarmOverrides,
): readonly SettingChange[] => {
  const before = override(below, present);
  const after = override(below, next);
  return ENTRIES.map((entry) => ({
    id: entry.id,
    field: entry.field,
    from: written(heldBy(before, entry), entry.field),
    to: written(heldBy(after, entry), entry.field),
  })).filter(({ from, to }) => from !== to);
};

/** What `next` has other than `present`, put over the same settings: what a what-if puts over the past. */
export const differences = (below: AlarmConfig, present: AlarmOverrides, next: AlarmOverrides): AlarmOverrides => {
  const before = override(below, present);
  const after = override(below, next);
  const changed = ENTRIES.flatMap((entry) => {
    const value = heldBy(after, entry);
    const isSayable = value !== null || mayBeOff(entry.field);
    const isOther = written(value, entry.field) !== written(heldBy(before, entry), entry.field);
    return isSayable && isOther ? [[entry, value] as const] : [];
  });
  return AlarmOverrides.parse(build({}, changed));
};

export const isNothing = (overrides: AlarmOverrides): boolean => Object.keys(overrides).length === 0;
