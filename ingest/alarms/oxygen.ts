import type { LiveOxygen } from '#contracts/live.ts';
import { highSpo2Off } from '#domain/alarms/oxygen.ts';
import type { Subject } from './subject.ts';

/** What is known about what the patient breathes; undefined: nothing is, and a high limit of SpO2 is in force. */
export const oxygenOf = ({ state, config }: Pick<Subject, 'state' | 'config'>): LiveOxygen | undefined => {
  const off = highSpo2Off(state, config) ?? null;
  return off || state.roomAir ? { roomAir: state.roomAir, highSpo2Off: off } : undefined;
};

/** A measured value wavers: only whether it keeps the limit off is news. */
export const isOxygenNews = (known: LiveOxygen | undefined, next: LiveOxygen | undefined): boolean =>
  known?.highSpo2Off?.because !== next?.highSpo2Off?.because || known?.roomAir !== next?.roomAir;
