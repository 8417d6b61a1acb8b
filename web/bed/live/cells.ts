import { type BedNumbers, type CellView, cellView } from '../../parts/cell.ts';
import { BED_SLOTS } from '../../parts/display.ts';
import type { Voice } from '../../shell/text/language.ts';

/** `key` names the row of the display table. */
export type BedCell = { readonly key: string; readonly cell: CellView };

/** The numbers to be drawn at this moment; `nowMs` undefined blanks them. */
export const bedCells = (bed: BedNumbers, nowMs: number | undefined, voice: Voice): readonly BedCell[] =>
  BED_SLOTS.flatMap((slot) => {
    const cell = cellView(slot, bed, nowMs, voice);
    return cell ? [{ key: slot.key, cell }] : [];
  });
