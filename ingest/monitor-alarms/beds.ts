import type { MonitorState } from '#domain/monitor-alarms/state.ts';
import type { MonitorChange } from '../live/changes.ts';
import type { Registry } from '../registry.ts';
import type { Decisions } from './decisions.ts';
import { createSubject, type Subject, take } from './subject.ts';

/** Which beds there are, who and what is at each, and what was there before a restart. */

type Occupancy = Pick<MonitorState, 'encounter' | 'devices'>;

const isSame = (one: Occupancy, other: Occupancy): boolean =>
  one.encounter === other.encounter && one.devices.join() === other.devices.join();

/** Who and what is at each bed. */
const occupancies = ({ data, encounterIn }: Registry, at: number): ReadonlyMap<string, Occupancy> => {
  const devices = new Map<string, string[]>();
  for (const { bed, device, end } of data.assignments) {
    if (end === null) devices.set(bed, [...(devices.get(bed) ?? []), device].sort());
  }
  return new Map(
    data.beds.map(({ id }) => [id, { encounter: encounterIn(id, at)?.id ?? null, devices: devices.get(id) ?? [] }]),
  );
};

export type Beds = {
  /** What the last life of the station left, by bed. */
  readonly remember: (states: Map<string, MonitorState>) => void;
  readonly use: (registry: Registry) => void;
  /**
   * A message of this device and stay comes. It may come before the change of the registry was told here, and is of who is
   * there by the registry.
   */
  readonly expect: (subject: Subject, device: string, encounter: number | null) => void;
};

export const createBeds = ({
  subjects,
  decisions,
  announce,
  now,
  settle,
}: {
  subjects: Map<string, Subject>;
  decisions: Pick<Decisions, 'announced' | 'remember'>;
  announce: (bed: string, change: MonitorChange) => void;
  now: () => number;
  settle: (subject: Subject) => void;
}): Beds => {
  let saved = new Map<string, MonitorState>();

  /** The bed as it was before the restart, or new. */
  const bringBack = (bed: string): Subject => {
    const state = saved.get(bed);
    const subject = createSubject(bed, state);
    subjects.set(bed, subject);
    saved.delete(bed);
    if (state && state.episodes.length > 0) {
      decisions.remember(subject);
      announce(bed, { events: [], alarms: decisions.announced(subject) });
      take(subject, now(), { type: 'resumed' });
    }
    return subject;
  };

  const occupy = (subject: Subject, occupancy: Occupancy): void => {
    if (!isSame(subject.state, occupancy)) take(subject, now(), { type: 'occupied', ...occupancy });
  };

  const use = (registry: Registry): void => {
    const there = occupancies(registry, now());
    for (const { id, unit } of registry.data.beds) {
      const subject = subjects.get(id) ?? bringBack(id);
      subject.unit = unit;
      const occupancy = there.get(id);
      if (occupancy) occupy(subject, occupancy);
      settle(subject);
    }
  };

  return {
    remember(states) {
      saved = states;
    },
    use,
    expect(subject, device, encounter) {
      const { devices } = subject.state;
      occupy(subject, { encounter, devices: devices.includes(device) ? devices : [...devices, device].sort() });
    },
  };
};
