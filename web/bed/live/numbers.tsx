import { useComputed } from '@preact/signals';
import { groundOf } from '../../parts/bed-alarm.ts';
import type { CellView } from '../../parts/cell.ts';
import { limitsInForce } from '../../parts/limits-text.ts';
import { NumberParts } from '../../parts/number.tsx';
import { inForce, priorityRank } from '../../shell/alarms/survey.ts';
import type { Voice } from '../../shell/text/language.ts';
import type { BedNow } from '../now.ts';
import { bedText } from '../text/language.ts';
import { bedCells } from './cells.ts';

/** On a small screen what is in alarm stands first. */
const orderOf = ({ alarm, alarmTone }: CellView): number =>
  alarm && alarmTone ? -1 - priorityRank(alarm) - (alarmTone === 'acknowledged' ? 0 : 3) : 0;

const classOf = (name: string, { tone, alarm, alarmTone }: CellView): string =>
  `cell bed-cell bed-cell-${name} tone-${tone}${alarm && alarmTone ? ` alarm-${alarm} ground-${groundOf(alarm, alarmTone)}` : ''}`;

const Cell = ({ name, cell }: { name: string; cell: CellView }) => (
  <div class={classOf(name, cell)} style={{ '--colour': cell.colour, '--order': orderOf(cell) }}>
    <NumberParts cell={cell} />
  </div>
);

/** Every number of the bed, with unit, limits, age and quality. */
export const Numbers = ({ now, voice }: { now: BedNow; voice: Voice }) => {
  const cells = useComputed(() => {
    const { nowMs, bed, devices, active } = now.value;
    if (!bed) return [];
    const inactivations = nowMs === undefined ? [] : inForce(bed.inactivations, nowMs);
    return bedCells(
      { vitals: bed.vitals, limits: limitsInForce(bed.limits, bed.oxygen), active, inactivations, devices },
      nowMs,
      voice,
    );
  });
  return (
    <section class="bed-numbers" aria-label={bedText(voice.language).numbers}>
      {cells.value.map(({ key, cell }) => (
        <Cell key={key} name={key} cell={cell} />
      ))}
    </section>
  );
};
