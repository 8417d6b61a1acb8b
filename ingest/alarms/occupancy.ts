import type { AlarmConfig } from '#domain/alarms/settings.ts';
import type { JournalRecord } from '../record.ts';
import type { Registry, RegistryData } from '../registry.ts';
import type { DeviceFacts } from './device-facts.ts';
import type { Devices } from './devices.ts';
import type { Inbox } from './inbox.ts';
import { type Move, type Moving, movesBetween } from './moving.ts';
import type { Restoring } from './restoring.ts';
import { isSameConfig, replayTail } from './saved.ts';
import type { Subject } from './subject.ts';
import type { Subjects } from './subjects.ts';

/** Gives each bed as input who and what is in it, and by which settings, when that is news. */
export type Occupancy = {
  /** Where a device is now. */
  readonly bedOf: (device: string) => string | null;
  /**
   * `isOurs`: whether alarms are decided here for the beds of a unit. `tail`: the newest records of the journal, for beds that
   * were not there before.
   */
  readonly use: (
    registry: Registry,
    isOurs: (bed: { readonly unit: string }) => boolean,
    tail: readonly JournalRecord[],
  ) => void;
  /** Forgets what the beds were given: each is given everything again. */
  readonly forget: () => void;
};

type Place = { readonly id: string; readonly unit: string };

/** What a bed was last given. */
type Given = { readonly occupancy: string; readonly version: string };

/** Which versions made a configuration, as one text. */
const versionText = ({ version }: AlarmConfig): string => JSON.stringify(version);

/** Takes the whole of the settings where they decide what those that were read decide; else the bed is still to be given them. */
const takeWhole = (subject: Subject, present: AlarmConfig): string => {
  if (!isSameConfig(subject.config, present)) return '';
  subject.config = present;
  return versionText(present);
};

const occupancyText = (device: string | null, encounter: number | null): string => `${device}/${encounter}`;

/** The engine knows no interval of a new device, so "no interval" need not be an input. */
const forNewDevice = ({ intervalMs = null, ...others }: DeviceFacts): DeviceFacts =>
  intervalMs === null ? others : { ...others, intervalMs };

/** The device at each bed, by bed. */
const devicesAt = ({ assignments }: RegistryData): Map<string, string> =>
  new Map(assignments.filter(({ end }) => end === null).map(({ bed, device }) => [bed, device]));

export type OccupancyDependencies = {
  readonly subjects: Subjects;
  readonly inbox: Pick<Inbox, 'put'>;
  readonly devices: Pick<Devices, 'factsOf'>;
  readonly restoring: Pick<Restoring, 'bed'>;
  readonly moving: Moving;
  readonly now: () => number;
};

export const createOccupancy = ({
  subjects: { beds },
  inbox,
  devices,
  restoring,
  moving,
  now,
}: OccupancyDependencies): Occupancy => {
  let registry: Registry | undefined;
  const given = new Map<string, Given>();

  /** Makes the subject of a bed: as it was before the restart, or new. */
  const bringBack = (next: Registry, place: Place, at: number): void => {
    if (!restoring.bed(next, place)) return;
    const subject = beds.get(place.id);
    if (!subject) return;
    const { state } = subject;
    const version = takeWhole(subject, next.configOf(place.id, at));
    given.set(place.id, { occupancy: occupancyText(state.device, state.encounter), version });
    // A person may have changed the interval while the station was not running.
    const { intervalMs = null } = devices.factsOf(state.device);
    if (intervalMs !== state.intervalMs) inbox.put(subject, { type: 'device', intervalMs }, undefined, at);
  };

  const giveBed = (next: Registry, place: Place, device: string | null, move: Move, at: number): void => {
    if (!beds.has(place.id)) bringBack(next, place, at);
    const subject = beds.get(place.id);
    if (!subject) return;
    const config = next.configOf(place.id, at);
    const encounter = next.encounterIn(place.id, at)?.id ?? null;
    subject.unit = place.unit;
    const news: Given = { occupancy: occupancyText(device, encounter), version: versionText(config) };
    const known = given.get(place.id);
    given.set(place.id, news);
    if (known?.occupancy !== news.occupancy) {
      const complete = moving.carryAlong(subject, move);
      inbox.put(subject, { type: 'occupied', device, encounter, config }, { complete }, at);
      const facts = forNewDevice(devices.factsOf(device));
      if (Object.keys(facts).length > 0) inbox.put(subject, { type: 'device', ...facts }, undefined, at);
    } else if (known.version !== news.version) inbox.put(subject, { type: 'configured', config }, undefined, at);
  };

  return {
    bedOf: (device) => registry?.bedOf(device, now()) ?? null,
    use(next, isOurs, tail) {
      const moveOf = movesBetween(registry?.data ?? next.data, next.data);
      registry = next;
      const deviceAt = devicesAt(next.data);
      // One moment for all beds, however long it takes to go through them: patients who change places leave at the same
      // moment, and what each takes along is known before the other arrives.
      const at = now();
      const before = new Set(beds.keys());
      for (const bed of next.data.beds.filter(isOurs))
        giveBed(next, bed, deviceAt.get(bed.id) ?? null, moveOf(bed.id), at);
      replayTail(tail, (bed) => (before.has(bed) ? undefined : beds.get(bed)));
    },
    forget: () => given.clear(),
  };
};
