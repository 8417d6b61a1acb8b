import { VITAL_IDS, type VitalId } from '../vitals.ts';
import { TECHNICAL_KIND_IDS } from './names.ts';

export const signalKind = (vital: VitalId): string => `${vital}-signal`;

/** Every kind there is, in the order in which kinds are decided. A test holds it to the table of kinds. */
export const KIND_IDS: readonly string[] = [
  ...TECHNICAL_KIND_IDS,
  ...VITAL_IDS.flatMap((id) => [`${id}-low`, `${id}-high`, signalKind(id)]),
];
