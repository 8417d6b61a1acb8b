import { computed, type ReadonlySignal } from '@preact/signals';
import type { LiveDevice } from '#contracts/live.ts';
import { type ActiveAlarm, alarmsOfBed } from '../shell/alarms/survey.ts';
import type { BedState } from '../shell/live/state.ts';
import type { Wall } from '../wall/wall.ts';

/** All that is known of a bed at this moment. `nowMs` is the server's time; undefined: nothing may be shown. */
export type Now = {
  readonly nowMs: number | undefined;
  readonly bed: Readonly<BedState> | undefined;
  readonly devices: readonly LiveDevice[];
  /** The most urgent first; empty while nothing may be shown. */
  readonly active: readonly ActiveAlarm[];
};

export type BedNow = ReadonlySignal<Now>;

/** Made anew with every moment of the page. */
export const bedNow = ({ closeUp }: Pick<Wall, 'closeUp'>, id: string): BedNow =>
  computed(() => {
    const nowMs = closeUp.moment.value;
    const bed = closeUp.bed(id);
    if (!bed) return { nowMs, bed, devices: [], active: [] };
    return { nowMs, bed, devices: closeUp.devicesAt(bed), active: nowMs === undefined ? [] : alarmsOfBed(bed, nowMs) };
  });
