import { PRESETS } from '#domain/alarms/settings.ts';
import { createSubject, type Subject } from './subject.ts';

/** All that the engine is driven for: the station itself, and each bed by its id. */
export type Subjects = { readonly station: Subject; readonly beds: Map<string, Subject> };

/** The settings of the station's own alarms. */
export const STATION_CONFIG = PRESETS.adult;

export const createSubjects = (): Subjects => ({
  station: createSubject({ bed: null, unit: null, config: STATION_CONFIG, staggerMs: 0 }),
  beds: new Map(),
});

export const allOf = ({ station, beds }: Subjects): Subject[] => [station, ...beds.values()];
