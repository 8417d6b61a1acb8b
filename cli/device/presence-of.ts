import type { DeviceFrame, LiveDevice, ServerFrame, SnapshotFrame, VitalsFrame } from '#contracts/live.ts';
import type { Happening } from './happening.ts';

/** What live frames tell of one device: where it stands, whether it is connected, and what of it is shown. */
export type Presence = {
  readonly take: (frame: ServerFrame) => Happening[];
  /** False once a snapshot of the unit was without it: it was given to another unit, or removed. */
  readonly isHere: () => boolean;
};

const LINKS = { online: 'connected', offline: 'disconnected', unknown: 'unheard' } as const;
const DATA = { live: undefined, late: 'late', refused: 'all-refused', none: 'silent' } as const;

/** What is new of it. A device of which nothing is known yet is told whole. */
const changes = (unit: string, known: LiveDevice | undefined, next: LiveDevice, at: number): Happening[] => {
  const happenings: Happening[] = [];
  if (known?.bed !== next.bed) happenings.push({ type: 'placed', at, unit, bed: next.bed });
  if (known?.state !== next.state) {
    happenings.push({ type: LINKS[next.state], at: (known ? undefined : next.since) ?? at });
  }
  const type = DATA[next.data];
  if (known?.data !== next.data && type) happenings.push({ type, at });
  return happenings;
};

export const createPresence = (device: string): Presence => {
  let known: LiveDevice | undefined;
  let isHere = true;

  const become = (unit: string, next: LiveDevice, at: number): Happening[] => {
    const told = changes(unit, known, next, at);
    known = next;
    isHere = true;
    return told;
  };

  const takeSnapshot = ({ unit, devices, time }: SnapshotFrame): Happening[] => {
    const found = devices.find(({ id }) => id === device);
    if (found) return become(unit, found, time);
    known = undefined;
    isHere = false;
    return [];
  };

  const takeDevice = (frame: DeviceFrame): Happening[] =>
    frame.device.id === device ? become(frame.unit, frame.device, frame.time) : [];

  const takeVitals = ({ beds, time }: VitalsFrame): Happening[] => {
    const vitals = known?.bed ? beds[known.bed] : undefined;
    return vitals ? [{ type: 'live', at: time, vitals }] : [];
  };

  return {
    take(frame) {
      if (frame.type === 'snapshot') return takeSnapshot(frame);
      if (frame.type === 'device') return takeDevice(frame);
      return frame.type === 'vitals' ? takeVitals(frame) : [];
    },
    isHere: () => isHere,
  };
};
