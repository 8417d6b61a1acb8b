import type { ReadonlySignal } from '@preact/signals';
import type { LiveDevice } from '#contracts/live.ts';
import type { WaveId } from '#domain/waveforms.ts';
import type { Playback, Signal } from '../parts/waves/playback.ts';
import type { PageClock } from '../shell/clock.ts';
import { allBeds, type BedState, devicesOf, type WardState } from '../shell/live/state.ts';

export type Paint = (nowMs: number | undefined) => void;

type Deps = {
  readonly state: WardState;
  readonly playback: Playback;
  readonly moment: ReadonlySignal<number | undefined>;
  readonly clock: Pick<PageClock, 'now'>;
};

export type CloseUp = ReturnType<typeof createCloseUp>;

/** The ward as other pages than the wall read it. Read it anew with each `moment`: what was handed out is soon old. */
export const createCloseUp = ({ state, playback, moment, clock }: Deps) => {
  const paints = new Set<Paint>();
  return {
    /** The server's time at the last refresh; undefined while nothing may be shown. */
    moment,
    /** The server's time, or the computer's own while the server's is not known. For what is asked of the past, not for ages. */
    now: (): number => moment.peek() ?? clock.now(),
    bed: (id: string): Readonly<BedState> | undefined => allBeds(state).find((bed) => bed.id === id),
    devicesAt: (bed: Readonly<BedState>): readonly LiveDevice[] => devicesOf(state, bed),
    /** Every device of the units on this screen, with the bed that it stands at. */
    devices: (): readonly { readonly device: LiveDevice; readonly bed: Readonly<BedState> | undefined }[] =>
      [...state.units.values()].flatMap(({ devices, beds }) =>
        [...devices.values()].map((device) => ({
          device,
          bed: device.bed === null ? undefined : beds.get(device.bed),
        })),
      ),
    /** Counts the changes of who is in which bed of which unit. */
    rosterVersion: (): number => state.rosterVersion,
    wave: (bed: string, id: WaveId): Signal | undefined => playback.get(bed)?.get(id),
    /** `paint` is called with every frame of the screen; returns what ends that. */
    onPaint(paint: Paint): () => void {
      paints.add(paint);
      return () => void paints.delete(paint);
    },
    /** Call with every frame of the screen. */
    paint(nowMs: number | undefined): void {
      for (const each of paints) each(nowMs);
    },
  };
};
