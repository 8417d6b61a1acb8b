import { z } from 'zod';
import { AlarmSettings, PresetChange } from '#contracts/http/alarm-settings.ts';
import { Encounter } from '#contracts/http/encounters.ts';
import { AlarmConfig, resolveConfig } from '#domain/alarms/settings.ts';
import type { Answer, Server } from '../../shell/server.ts';
import { bedPath } from '../paths.ts';
import type { Layers } from './draft.ts';

/** Settings of a bed with each layer. `encounter` undefined: nobody is in it. */
export type BedSettings = {
  readonly layers: Layers;
  readonly encounter: number | undefined;
  /** Names what was read of the stay and its unit. */
  readonly etag: string | undefined;
  /** The newest change to either; null when nothing was ever set. */
  readonly changed: AlarmSettings | null;
  /** What an update of the station has changed; null: nothing, or it is not known. */
  readonly presetChange: PresetChange;
};

const NO_SETTINGS: AlarmSettings = {
  version: null,
  unit: null,
  ageGroup: null,
  encounter: null,
  overrides: {},
  reason: null,
  author: null,
  createdAt: null,
};

const newest = (...settings: readonly AlarmSettings[]): AlarmSettings | null =>
  settings.filter(({ createdAt }) => createdAt !== null).toSorted((a, b) => (b.version ?? 0) - (a.version ?? 0))[0] ??
  null;

export const stayPath = (encounter: number): string => `encounters/${encounter}/alarm-settings`;

export const loadSettings = async (
  server: Server,
  { bed, unit }: { readonly bed: string; readonly unit: string },
  signal: AbortSignal,
): Promise<Answer<BedSettings>> => {
  const open = await server.get(z.array(Encounter), 'encounters', { bed, open: 'true' }, signal);
  if (!open.isOk) return open;
  const encounter = open.value[0]?.id;
  // The tag is read before everything that it names: a change in between makes the tag stale, and not what is shown.
  const ofStay: Answer<AlarmSettings> =
    encounter === undefined
      ? { isOk: true, value: NO_SETTINGS }
      : await server.get(AlarmSettings, stayPath(encounter), {}, signal);
  if (!ofStay.isOk) return ofStay;
  const config = await server.get(AlarmConfig, bedPath(bed, 'alarm-settings'), {}, signal);
  if (!config.isOk) return config;
  const { preset } = config.value.version;
  const unitPath = `units/${encodeURIComponent(unit)}/alarm-settings/${preset}`;
  const ofUnit = await server.get(AlarmSettings, unitPath, {}, signal);
  if (!ofUnit.isOk) return ofUnit;
  const below = resolveConfig(preset, { version: 0, overrides: ofUnit.value.overrides }, undefined);
  const layers = { inForce: config.value, below, unit: ofUnit.value.overrides, stay: ofStay.value.overrides };
  const changed = newest(ofStay.value, ofUnit.value);
  const presets = await server.get(PresetChange, bedPath(bed, 'preset-change'), {}, signal);
  const presetChange = presets.isOk ? presets.value : null;
  return { isOk: true, value: { layers, encounter, etag: ofStay.etag, changed, presetChange } };
};
