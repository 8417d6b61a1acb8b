import { type AlarmConfig, AlarmOverrides } from '#domain/alarms/settings.ts';
import { VITAL_IDS, type VitalId } from '#domain/vitals.ts';
import { type Fault, FIELDS, type Field, faultsOf } from '../../parts/limits/faults.ts';

/** Limits as they are being changed: what is typed, what it means, and what is wrong with it. */

/** `below`: as the layer below has it. A text is as it was typed; empty is off. */
export type Entry = { readonly text: string } | 'below';

export type Draft = ReadonlyMap<`${VitalId} ${Field}`, Entry>;

export const EMPTY_DRAFT: Draft = new Map();

export const keyOf = (id: VitalId, field: Field): `${VitalId} ${Field}` => `${id} ${field}`;

/** undefined: no number. Delays are typed in seconds. */
export const parseEntry = (text: string, field: Field): number | null | undefined => {
  const words = text.trim().replace(',', '.');
  if (words === '') return field === 'delayMs' ? undefined : null;
  const value = Number(words);
  if (!Number.isFinite(value)) return undefined;
  return field === 'delayMs' ? value * 1_000 : value;
};

/** What each layer says. `below`: preset and unit put together. */
export type Layers = {
  readonly inForce: AlarmConfig;
  readonly below: AlarmConfig;
  readonly unit: AlarmOverrides;
  readonly stay: AlarmOverrides;
};

export type Source = 'preset' | 'unit' | 'stay' | 'changed';

export const sourceOf = ({ unit, stay }: Layers, draft: Draft, id: VitalId, field: Field): Source => {
  if (draft.has(keyOf(id, field))) return 'changed';
  if (stay.vitals?.[id]?.[field] !== undefined) return 'stay';
  return unit.vitals?.[id]?.[field] === undefined ? 'preset' : 'unit';
};

/** The settings in force at the stay, as they were read. */
const held = ({ below, stay }: Layers, id: VitalId, field: Field): number | null =>
  stay.vitals?.[id]?.[field] ?? (stay.vitals?.[id]?.[field] === null ? null : below.vitals[id][field]);

/** The settings with the draft over them; undefined: what is typed is no number. */
export const inDraft = (layers: Layers, draft: Draft, id: VitalId, field: Field): number | null | undefined => {
  const entry = draft.get(keyOf(id, field));
  if (entry === undefined) return held(layers, id, field);
  return entry === 'below' ? layers.below.vitals[id][field] : parseEntry(entry.text, field);
};

/** A draft with the same value as before is no change. */
export const change = (layers: Layers, draft: Draft, id: VitalId, field: Field, entry: Entry): Draft => {
  const next = new Map(draft);
  const key = keyOf(id, field);
  next.set(key, entry);
  const isOwn = layers.stay.vitals?.[id]?.[field] !== undefined;
  const isSame = entry === 'below' ? !isOwn : parseEntry(entry.text, field) === held(layers, id, field);
  if (isSame) next.delete(key);
  return next;
};

const changedFields = (draft: Draft): { id: VitalId; field: Field; entry: Entry }[] =>
  VITAL_IDS.flatMap((id) =>
    FIELDS.flatMap((field) => {
      const entry = draft.get(keyOf(id, field));
      return entry === undefined ? [] : [{ id, field, entry }];
    }),
  );

type VitalOverrides = NonNullable<AlarmOverrides['vitals']>;

/** All settings of the stay that differ from its unit's, with the draft in them. What is typed must be numbers. */
export const stayOverrides = (layers: Layers, draft: Draft): AlarmOverrides => {
  const vitals: Record<string, Record<string, unknown>> = structuredClone(layers.stay.vitals ?? {}) as never;
  for (const { id, field, entry } of changedFields(draft)) {
    const own = { ...vitals[id] };
    if (entry === 'below') delete own[field];
    else own[field] = parseEntry(entry.text, field);
    if (Object.keys(own).length > 0) vitals[id] = own;
    else delete vitals[id];
  }
  return AlarmOverrides.parse({ ...layers.stay, vitals });
};

/** Only what the draft changes, as it then is: what a what-if puts over the past. */
export const changedOverrides = (layers: Layers, draft: Draft): AlarmOverrides => {
  const vitals: Record<string, Record<string, unknown>> = {};
  for (const { id, field } of changedFields(draft)) {
    vitals[id] = { ...vitals[id], [field]: inDraft(layers, draft, id, field) };
  }
  return AlarmOverrides.parse({ vitals: vitals as VitalOverrides });
};

/** A field that changed; null is off, undefined no number. */
export type FieldChange = {
  readonly id: VitalId;
  readonly field: Field;
  readonly from: number | null;
  readonly to: number | null | undefined;
};

/** What saving would do to what is in force, in the order of the catalogue. */
export const changesOf = (layers: Layers, draft: Draft): readonly FieldChange[] =>
  changedFields(draft)
    .map(({ id, field }) => ({ id, field, from: held(layers, id, field), to: inDraft(layers, draft, id, field) }))
    .filter(({ from, to }) => from !== to);

/** What somebody else has done to what is in force since it was read. */
export const changesBetween = (before: Layers, after: Layers): readonly FieldChange[] =>
  VITAL_IDS.flatMap((id) =>
    FIELDS.map((field) => ({ id, field, from: held(before, id, field), to: held(after, id, field) })),
  ).filter(({ from, to }) => from !== to);

/** What an update of the station has done to a bed of the same age group. */
export const changesOfPreset = (from: AlarmConfig, to: AlarmConfig): readonly FieldChange[] =>
  VITAL_IDS.flatMap((id) =>
    FIELDS.map((field) => ({ id, field, from: from.vitals[id][field], to: to.vitals[id][field] })),
  ).filter((one) => one.from !== one.to);

/** What is wrong with the limits of a vital as the draft has them. */
export const draftFaults = (layers: Layers, draft: Draft, id: VitalId): readonly Fault[] => {
  const of = (field: Field) => inDraft(layers, draft, id, field);
  const values = {
    extremeLow: of('extremeLow'),
    low: of('low'),
    high: of('high'),
    extremeHigh: of('extremeHigh'),
    delayMs: of('delayMs'),
    hysteresis: layers.inForce.vitals[id].hysteresis,
  };
  return faultsOf(id, values, layers.inForce.version.preset);
};
