import { vitalIndex } from '#domain/alarms/reading.ts';
import { isUsable } from '#domain/alarms/reading-meaning.ts';
import type { VitalState } from '#domain/alarms/state.ts';
import { VITAL_IDS, type VitalId } from '#domain/vitals.ts';
import type { Block, Reading } from '../record.ts';
import { createRivals, type Rivals } from './rivals.ts';
import { type Subject, takeBefore, takeWaiting } from './subject.ts';
import type { Subjects } from './subjects.ts';

/** Chooses which of the devices at a bed each vital comes from, and tells the engine of each change. */
export type Sources = {
  /**
   * To be called with the blocks of each message before they are shown and decided by; those that are late do not matter,
   * and the others are all of one bed. Returns what tells the engine that the device takes vitals over, to be called with
   * the moment of the message; undefined: it takes none over.
   */
  readonly choose: (
    device: string,
    at: number,
    blocks: readonly { readonly block: Block<Reading>; readonly source: { readonly bed: string | null } }[],
  ) => ((at: number) => void) | undefined;
  /** Parts readings into those that count at the bed and those of which another device is the source. */
  readonly part: (bed: string, device: string, readings: readonly Reading[]) => Parted;
} & Pick<Rivals, 'setRoles' | 'forget'>;

export type Parted = {
  readonly counted: readonly Reading[];
  readonly others: readonly Reading[];
  /** Whether the bed has several devices, so that people must be told which one a value comes from. */
  readonly hasSeveral: boolean;
};

/** When each vital that is taken over was measured. */
type Taken = Map<VitalId, number>;

const NONE: readonly Reading[] = [];

const countsFrom = (vital: VitalState | null | undefined, device: string): boolean =>
  !vital || vital.source === null || vital.source === device;

export const createSources = ({ subjects: { beds } }: { subjects: Subjects }): Sources => {
  const rivals = createRivals();

  /** Adds the vitals of the block that the device takes over. */
  const addTaken = (subject: Subject, device: string, at: number, block: Block<Reading>, taken: Taken): void => {
    const { state } = subject;
    if (!state.devices.some(({ id }) => id === device)) return;
    for (const { mdc, value, quality } of block.items) {
      const index = vitalIndex(mdc);
      const vital = state.vitals[index];
      const id = VITAL_IDS[index];
      if (!id || !isUsable(index, value, quality, state.hasBreathed)) continue;
      const { since } = rivals.note(subject, device, index, at);
      if (!vital || countsFrom(vital, device)) continue;
      if (!taken.has(id) && !rivals.isTaken(subject, vital, index, { device, since, at })) continue;
      taken.set(id, Math.min(block.time, taken.get(id) ?? block.time));
    }
  };

  return {
    choose(device, at, blocks) {
      const subject = beds.get(blocks.find(({ block }) => !block.late)?.source.bed ?? '');
      if (!subject) return undefined;
      takeWaiting(subject, at);
      if (subject.state.devices.length < 2) return undefined;
      const taken: Taken = new Map();
      for (const { block } of blocks) if (!block.late) addTaken(subject, device, at, block, taken);
      if (taken.size === 0) return undefined;
      return (moment) => {
        for (const [vital, time] of taken) takeBefore(subject, moment, { type: 'source', vital, device, time });
      };
    },
    part(bed, device, readings) {
      const { state } = beds.get(bed) ?? {};
      if (!state || state.devices.length < 2) return { counted: readings, others: NONE, hasSeveral: false };
      const counts = ({ mdc }: Reading): boolean => countsFrom(state.vitals[vitalIndex(mdc)], device);
      return {
        counted: readings.filter(counts),
        others: readings.filter((reading) => !counts(reading)),
        hasSeveral: true,
      };
    },
    setRoles: rivals.setRoles,
    forget: rivals.forget,
  };
};
