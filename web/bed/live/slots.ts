import { type VitalId, vital } from '#domain/vitals.ts';
import { type BedNumbers, type CellView, cellView, type Slot } from '../../parts/cell.ts';
import type { Phrase } from '../../shell/text/en.ts';
import type { Voice } from '../../shell/text/language.ts';

/** Every place of the bed view: what the wall has, and all else that a bed may send, each source for itself. */

const alone = (main: VitalId, label: Phrase, always = false): Slot => {
  const source = { label, main };
  return { key: main, always, sources: [source], usual: source };
};

const pressure = (key: 'abp' | 'nibp', label: Phrase): Slot => {
  const source = {
    label,
    main: `${key}-systolic`,
    second: `${key}-diastolic`,
    mean: `${key}-mean`,
  } as const;
  return { key, always: false, sources: [source], usual: source };
};

/** Vitals that have no word of their own on the wall go by the catalogue. */
const BY_CATALOGUE: Readonly<Record<string, VitalId>> = {
  cvp: 'cvp',
  fio2: 'fio2',
  'perfusion-index': 'perfusion-index',
};

export const BED_SLOTS: readonly Slot[] = [
  alone('heart-rate', 'rate', true),
  alone('spo2', 'spo2', true),
  alone('respiratory-rate', 'respiration', true),
  pressure('abp', 'arterial'),
  pressure('nibp', 'cuff'),
  alone('pulse-rate', 'pulse'),
  alone('temperature', 'temperature'),
  alone('etco2', 'etco2'),
  alone('cvp', 'rate'),
  alone('fio2', 'rate'),
  alone('perfusion-index', 'rate'),
];

export type BedCell = { readonly key: string; readonly cell: CellView };

/** The places to be drawn at this moment; `nowMs` undefined blanks them. */
export const bedCells = (bed: BedNumbers, nowMs: number | undefined, voice: Voice): readonly BedCell[] =>
  BED_SLOTS.flatMap((slot) => {
    const cell = cellView(slot, bed, nowMs, voice);
    const named = BY_CATALOGUE[slot.key];
    return cell ? [{ key: slot.key, cell: named ? { ...cell, label: vital(named).short } : cell }] : [];
  });
