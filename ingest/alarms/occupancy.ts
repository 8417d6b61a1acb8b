import { isDeepStrictEqual } from 'node:util';
import type { AlarmConfig } from '#domain/alarms/settings.ts';
import type { JournalRecord } from '../record.ts';
import type { Registry, RegistryData } from '../registry.ts';
import type { Devices } from './devices.ts';
import type { Inbox } from './inbox.ts';
import { type Moving, movesBetween } from './moving.ts';
import { createOccupying, type Given, type Giving } from './occupying.ts';
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

/** Which versions made a configuration, as one text. */
const versionText = ({ version }: AlarmConfig): string => JSON.stringify(version);

const areSame = (known: Given | undefined, next: Given): boolean =>
  known?.encounter === next.encounter && isDeepStrictEqual(known.devices, next.devices);

/** Takes the whole of the settings where they decide what those that were read decide; else the bed is still to be given them. */
const takeWhole = (subject: Subject, present: AlarmConfig): string => {
  if (!isSameConfig(subject.config, present)) return '';
  subject.config = present;
  return versionText(present);
};

/** The devices at each bed, by bed: the one that came first first. */
const devicesAt = ({ assignments }: RegistryData): Map<string, string[]> => {
  const open = assignments.filter(({ end }) => end === null).sort((one, other) => one.start - other.start);
  const devices = new Map<string, string[]>();
  for (const { bed, device } of open) devices.set(bed, [...(devices.get(bed) ?? []), device]);
  return devices;
};

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
  const occupying = createOccupying({ inbox, devices, moving });
  let registry: Registry | undefined;
  const given = new Map<string, Given>();

  /** Makes the subject of a bed: as it was before the restart, or new. */
  const bringBack = (next: Registry, place: Place, at: number): void => {
    if (!restoring.bed(next, place)) return;
    const subject = beds.get(place.id);
    if (!subject) return;
    const { state } = subject;
    const version = takeWhole(subject, next.configOf(place.id, at));
    given.set(place.id, { devices: state.devices.flatMap(({ id }) => id ?? []), encounter: state.encounter, version });
    occupying.tellIntervals(subject, at);
  };

  const giveBed = (next: Registry, place: Place, present: readonly string[], giving: Giving): void => {
    const { at } = giving;
    if (!beds.has(place.id)) bringBack(next, place, at);
    const subject = beds.get(place.id);
    if (!subject) return;
    const config = next.configOf(place.id, at);
    subject.unit = place.unit;
    const encounter = next.encounterIn(place.id, at)?.id ?? null;
    const news: Given = { devices: present, encounter, version: versionText(config) };
    const known = given.get(place.id);
    given.set(place.id, news);
    if (!areSame(known, news)) occupying.occupy(subject, known, news, config, giving);
    else if (known?.version !== news.version) inbox.put(subject, { type: 'configured', config }, undefined, at);
  };

  return {
    bedOf: (device) => registry?.bedOf(device, now()) ?? null,
    use(next, isOurs, tail) {
      const moveOf = movesBetween(registry?.data ?? next.data, next.data);
      registry = next;
      const present = devicesAt(next.data);
      // One moment for all beds, however long it takes to go through them: patients who change places leave at the same
      // moment, and what each takes along is known before the other arrives.
      const at = now();
      const before = new Set(beds.keys());
      for (const bed of next.data.beds.filter(isOurs))
        giveBed(next, bed, present.get(bed.id) ?? [], { move: moveOf(bed.id), at });
      replayTail(tail, (bed) => (before.has(bed) ? undefined : beds.get(bed)));
    },
    forget: () => given.clear(),
  };
};
