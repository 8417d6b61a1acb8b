import { writeConfig } from '#domain/alarms/formats/written.ts';
import type { AlarmConfig } from '#domain/alarms/settings.ts';
import { makeOnce } from '#platform/make-once.ts';

/** Settings as they are written beside a state. The beds of a ward share them, and their text is half of what is written of each. */
export const configText = makeOnce((config: AlarmConfig): string => JSON.stringify(writeConfig(config)));
