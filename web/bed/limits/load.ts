import { AlarmConfig, resolveConfig } from '#domain/alarms/settings.ts';
import type { Answer, Server } from '../../server.ts';
import { bedPath, Encounters, ScopeSettings } from '../answers.ts';
import type { Layers } from './draft.ts';

/** Settings of a bed with each layer. `encounter` undefined: nobody is in it. */
export type BedSettings = {
  readonly layers: Layers;
  readonly encounter: number | undefined;
  /** The version of the stay's own settings that was read. */
  readonly version: number | null;
};

const NO_SETTINGS: ScopeSettings = { version: null, ageGroup: null, overrides: {} };

export const stayPath = (encounter: number): string => `encounters/${encounter}/alarm-settings`;

export const loadSettings = async (
  server: Server,
  { bed, unit }: { readonly bed: string; readonly unit: string },
  signal: AbortSignal,
): Promise<Answer<BedSettings>> => {
  const config = await server.get(AlarmConfig, bedPath(bed, 'alarm-settings'), {}, signal);
  if (!config.isOk) return config;
  const { preset } = config.value.version;
  const ofUnit = await server.get(
    ScopeSettings,
    `units/${encodeURIComponent(unit)}/alarm-settings/${preset}`,
    {},
    signal,
  );
  if (!ofUnit.isOk) return ofUnit;
  const open = await server.get(Encounters, 'encounters', { bed, open: 'true' }, signal);
  if (!open.isOk) return open;
  const encounter = open.value[0]?.id;
  const ofStay: Answer<ScopeSettings> =
    encounter === undefined
      ? { isOk: true, value: NO_SETTINGS }
      : await server.get(ScopeSettings, stayPath(encounter), {}, signal);
  if (!ofStay.isOk) return ofStay;
  const below = resolveConfig(preset, { version: 0, overrides: ofUnit.value.overrides }, undefined);
  const layers = { inForce: config.value, below, unit: ofUnit.value.overrides, stay: ofStay.value.overrides };
  return { isOk: true, value: { layers, encounter, version: ofStay.value.version } };
};
