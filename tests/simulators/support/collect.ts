import type { VitalInput } from '#contracts/mqtt/messages.ts';
import { VITAL_IDS, type VitalId } from '#domain/vitals.ts';
import { type BedOptions, type BedSecond, createBed } from '../../../simulators/bed.ts';

/** The first seconds of a bed's life. */
export const live = (options: BedOptions, seconds: number): BedSecond[] => {
  const bed = createBed(options);
  return Array.from({ length: seconds }, () => bed.nextSecond());
};

export const numberOf = (input: VitalInput | undefined): number | null | undefined =>
  typeof input === 'object' && input !== null ? input.value : input;

/** The last second's values as plain numbers. */
export const lastValues = (seconds: readonly BedSecond[]): Partial<Record<VitalId, number | null>> => {
  const last = seconds.at(-1);
  const known = VITAL_IDS.filter((id) => last?.vitals[id] !== undefined);
  return Object.fromEntries(known.map((id) => [id, numberOf(last?.vitals[id])]));
};
