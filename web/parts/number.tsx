import type { CellView } from './cell.ts';
import { emsOf } from './fit.ts';
import { InactivationSign } from './symbols.tsx';

/** How wide the number is with what stands beside it, in ems of its own size, with a little room. */
const widthOf = ({ value, mean, tone }: CellView): number =>
  emsOf(value) + (mean === '' ? 0 : 0.7 * emsOf(` (${mean})`)) + (tone === 'uncertain' ? 0.65 * emsOf('?') : 0) + 0.1;

/** A number with what belongs to it: unit, last hour, limits, age, quality. The same on the wall and at the bed. */
export const NumberParts = ({ cell }: { cell: CellView }) => (
  <>
    <span class="label">
      {cell.label} <small>{cell.unit}</small>
    </span>
    <span class="value" style={{ '--ems': widthOf(cell) }}>
      {cell.value}
      {cell.mean && <small> ({cell.mean})</small>}
    </span>
    {cell.spark && (
      <svg class="spark" viewBox="0 0 59 100" preserveAspectRatio="none" aria-hidden="true">
        <path d={cell.spark} />
      </svg>
    )}
    <span class="foot">
      {cell.limits && (
        <span class="limits">
          {cell.isLimitOff && <InactivationSign what="alarm-off" />}
          {cell.limits}
        </span>
      )}
      <span class="note">{cell.note}</span>
      {cell.source && <span class="source">{cell.source}</span>}
    </span>
  </>
);
