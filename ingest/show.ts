import type { Alarms } from './alarms/alarms.ts';
import type { Live } from './live/live.ts';
import type { Reading } from './record.ts';

/** Shows readings at a bed: as its values, or as those of a device that is not their source. */
export type Show = (bed: string, device: string, time: number, readings: readonly Reading[]) => void;

export const createShow =
  ({ alarms, live }: { alarms: Pick<Alarms, 'sources'>; live: Pick<Live, 'vitals' | 'others'> }): Show =>
  (bed, device, time, readings) => {
    const { counted, others, hasSeveral } = alarms.sources.part(bed, device, readings);
    live.vitals(bed, time, counted, hasSeveral ? device : undefined);
    if (others.length > 0) live.others(bed, device, time, others);
  };
