import type { AlarmConfig } from '#domain/alarms/settings.ts';
import type { DeviceFacts } from './device-facts.ts';
import type { Devices } from './devices.ts';
import type { Inbox } from './inbox.ts';
import type { Move, Moving } from './moving.ts';
import type { Subject } from './subject.ts';

/** Tells the engine of a bed that another patient is in it, or that other devices are. */

export type Giving = { readonly move: Move; readonly at: number };

/** What a bed was last given. */
export type Given = {
  readonly devices: readonly string[];
  readonly encounter: number | null;
  readonly version: string;
};

/** The engine knows no interval of a new device, so "no interval" need not be an input. */
const forNewDevice = ({ intervalMs = null, ...others }: DeviceFacts): DeviceFacts =>
  intervalMs === null ? others : { ...others, intervalMs };

export type Occupying = {
  readonly occupy: (
    subject: Subject,
    known: Given | undefined,
    news: Given,
    config: AlarmConfig,
    giving: Giving,
  ) => void;
  /** A person may have changed the interval of a device while the station was not running. */
  readonly tellIntervals: (subject: Subject, at: number) => void;
};

export const createOccupying = ({
  inbox,
  devices,
  moving,
}: {
  inbox: Pick<Inbox, 'put'>;
  devices: Pick<Devices, 'factsOf'>;
  moving: Moving;
}): Occupying => ({
  occupy(subject, known, news, config, { move, at }) {
    const [device = null, ...others] = news.devices;
    const isSamePatient = known?.encounter === news.encounter;
    const complete = moving.carryAlong(subject, move);
    const more = others.length > 0 ? { others } : {};
    inbox.put(subject, { type: 'occupied', device, ...more, encounter: news.encounter, config }, { complete }, at);
    // The engine decides the values of a patient who stays by other settings only when it is told of them.
    if (known && isSamePatient && known.version !== news.version)
      inbox.put(subject, { type: 'configured', config }, undefined, at);
    for (const id of news.devices) {
      if (isSamePatient && known.devices.includes(id)) continue;
      const facts = forNewDevice(devices.factsOf(id));
      if (Object.keys(facts).length > 0) inbox.put(subject, { type: 'device', device: id, ...facts }, undefined, at);
    }
  },
  tellIntervals(subject, at) {
    for (const { id, intervalMs: before } of subject.state.devices) {
      const { intervalMs = null } = devices.factsOf(id);
      if (id === null || intervalMs === before) continue;
      inbox.put(subject, { type: 'device', device: id, intervalMs }, undefined, at);
    }
  },
});
