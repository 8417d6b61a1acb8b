import type { Alarm } from './alarm.ts';
import type { TechnicalKindId } from './names.ts';

/** What the engine remembers of one device of the bed. */
export type DeviceState = {
  readonly id: string | null;
  /** When its newest vitals message arrived; null: none has arrived since this patient and this device are here. */
  readonly heardAt: number | null;
  /** When the newest of its messages was measured, by its clock. */
  readonly measuredAt: number;
  /** When it or the patient came, or standby ended: silence counts from here at the earliest. */
  readonly expectedFrom: number;
  /** When it was back after its link was lost. */
  readonly linkBackAt: number;
  readonly missing: number;
  /** When it last sent anything else than before, by the station's clock (D11). */
  readonly changedAt: number;
  /** How far apart its messages are expected to be; null: as good as continuously. */
  readonly intervalMs: number | null;
  /** The tracks of the technical kinds. They are stored under the name `plain`, as in every release so far. */
  readonly technical: Readonly<Record<TechnicalKindId, TechnicalTrack>>;
};

/** `since` is when the condition began to hold; null: it does not hold. */
export type TechnicalTrack = { readonly since: number | null; readonly alarm: Alarm | null };

export const NEVER = 0;

const IDLE: TechnicalTrack = { since: null, alarm: null };

export const IDLE_TRACKS: DeviceState['technical'] = {
  'device-link': IDLE,
  'device-data': IDLE,
  'device-battery': IDLE,
  'device-clock': IDLE,
  'device-gap': IDLE,
  'device-frozen': IDLE,
  'gateway-link': IDLE,
  'station-journal': IDLE,
  'station-database': IDLE,
};

const isIdle = ({ since, alarm }: TechnicalTrack): boolean => since === null && alarm === null;

/** The one object for tracks that are all idle, so that the engine sees it at a glance; else the tracks as they are. */
export const settled = (tracks: DeviceState['technical']): DeviceState['technical'] =>
  Object.values(tracks).every(isIdle) ? IDLE_TRACKS : tracks;

/** A device of which nothing was heard yet. */
export const unheardDevice = (id: string | null, expectedFrom: number): DeviceState => ({
  id,
  heardAt: null,
  measuredAt: NEVER,
  expectedFrom,
  linkBackAt: 0,
  missing: 0,
  changedAt: 0,
  intervalMs: null,
  technical: IDLE_TRACKS,
});

/** Every message makes a copy, as every reading does of its vital. */
export const copyDevice = (device: DeviceState): DeviceState => ({
  id: device.id,
  heardAt: device.heardAt,
  measuredAt: device.measuredAt,
  expectedFrom: device.expectedFrom,
  linkBackAt: device.linkBackAt,
  missing: device.missing,
  changedAt: device.changedAt,
  intervalMs: device.intervalMs,
  technical: device.technical,
});
