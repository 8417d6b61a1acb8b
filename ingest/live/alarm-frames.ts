import { isDeepStrictEqual } from 'node:util';
import type { AlarmFrame } from '#contracts/live.ts';
import type { AlarmChange, MonitorChange } from './changes.ts';
import type { BedState, Present, UnitState } from './present.ts';

/** Takes changes of alarms into the present, and sends each as a frame in the same turn. */
export type AlarmFrames = {
  /** `bed` null: of the station. */
  readonly alarms: (bed: string | null, change: AlarmChange) => void;
  /** Of those that monitors report. */
  readonly monitorAlarms: (bed: string, change: MonitorChange) => void;
};

export const createAlarmFrames = ({
  present,
  now,
  send,
}: {
  present: Present;
  now: () => number;
  send: (frame: AlarmFrame) => void;
}): AlarmFrames => {
  const { epoch } = present;

  /** Whatever happened, the frame holds all alarms of the bed, those that monitors report too. */
  const sendAlarms = (
    unit: UnitState,
    bed: BedState | undefined,
    { events, alarms, inactivations, oxygen }: AlarmChange,
    monitorEvents: MonitorChange['events'] = [],
  ): void => {
    const all = { events: [...events], alarms: [...alarms], inactivations: [...inactivations] };
    const where = { unit: unit.id, seq: ++unit.seq, epoch, time: now(), bed: bed?.id ?? null };
    const monitorAlarms = bed?.monitorAlarms ?? [];
    send({
      ...{ type: 'alarm', ...where, ...all, ...(oxygen && { oxygen }) },
      ...(monitorAlarms.length > 0 && { monitorAlarms: [...monitorAlarms] }),
      ...(monitorEvents.length > 0 && { monitorEvents: [...monitorEvents] }),
    });
  };

  return {
    alarms(bedId, change) {
      const { events, alarms, inactivations, oxygen } = change;
      const bed = bedId === null ? undefined : present.beds.get(bedId);
      const isOtherOxygen = bed !== undefined && !isDeepStrictEqual(bed.oxygen, oxygen);
      if (bed) Object.assign(bed, { alarms, inactivations, oxygen });
      else if (bedId === null) present.stationAlarms = alarms;
      if (events.length === 0 && !isOtherOxygen) return;
      for (const unit of present.units.values()) {
        if (bedId === null || unit.id === bed?.unit) sendAlarms(unit, bed, change);
      }
    },
    monitorAlarms(bedId, { events, alarms }) {
      const bed = present.beds.get(bedId);
      if (!bed) return;
      bed.monitorAlarms = alarms;
      const unit = present.units.get(bed.unit);
      if (events.length > 0 && unit) sendAlarms(unit, bed, { ...bed, events: [] }, events);
    },
  };
};
