import type { LiveChange } from '#contracts/bus.ts';
import type { LiveDevice } from '#contracts/live.ts';
import type { Samples } from '../record.ts';
import { type AlarmFrames, createAlarmFrames } from './alarm-frames.ts';
import type { DeviceChange } from './changes.ts';
import { takeChanged, wavesOf } from './measured.ts';
import type { Present, UnitState } from './present.ts';
import { chooseWaves } from './wave-sources.ts';

/** Takes changes into the present, and publishes each as a frame in the same turn. */
export type Frames = AlarmFrames & {
  /** What was gathered of the unit since it was last published, if anything. */
  readonly vitals: (unit: UnitState) => void;
  readonly waves: (bed: string, device: string, time: number, items: readonly Samples[]) => void;
  readonly device: (id: string, change: DeviceChange) => void;
};

const isSame = (left: LiveDevice, right: LiveDevice): boolean =>
  left.bed === right.bed &&
  left.state === right.state &&
  left.lostWith === right.lostWith &&
  left.battery === right.battery &&
  left.clockOffsetMs === right.clockOffsetMs &&
  left.intervalMs === right.intervalMs &&
  left.intervalProposedMs === right.intervalProposedMs &&
  left.data === right.data &&
  left.lastLiveAt === right.lastLiveAt;

/** Encoded when the first asks for it, however many ask then: of many units nobody looks at most. */
const encodedOnce = (frame: LiveChange['frame']): LiveChange => {
  let text: string | undefined;
  return {
    frame,
    get text() {
      text ??= JSON.stringify(frame);
      return text;
    },
  };
};

export const createFrames = ({
  present,
  now,
  publish,
}: {
  present: Present;
  now: () => number;
  publish: (change: LiveChange) => void;
}): Frames => {
  const { epoch } = present;

  const send = (frame: LiveChange['frame']): void => publish(encodedOnce(frame));

  return {
    vitals(unit) {
      const changed = takeChanged(unit);
      if (changed) send({ type: 'vitals', unit: unit.id, seq: ++unit.seq, epoch, time: now(), ...changed });
    },
    waves(bedId, device, time, items) {
      const bed = present.beds.get(bedId);
      if (!bed) return;
      const shown = chooseWaves(bed, device, now(), items);
      if (shown.length === 0) return;
      send({ type: 'wave', unit: bed.unit, bed: bedId, seq: ++bed.waveSeq, waves: wavesOf(time, shown) });
    },
    device(id, change) {
      const entry = present.devices.get(id);
      if (!entry) return;
      const since = change.state && change.state !== entry.device.state ? now() : entry.device.since;
      const device: LiveDevice = { ...entry.device, ...change, since };
      if (isSame(device, entry.device)) return;
      entry.device = device;
      const unit = present.units.get(entry.unit);
      if (unit) send({ type: 'device', unit: unit.id, seq: ++unit.seq, epoch, time: now(), device });
    },
    ...createAlarmFrames({ present, now, send }),
  };
};
