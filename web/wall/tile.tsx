import { type Signal, useComputed } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { groundOf } from '../parts/bed-alarm.ts';
import type { CellView } from '../parts/cell.ts';
import { NumberParts } from '../parts/number.tsx';
import { WatchSign } from '../parts/symbols.tsx';
import type { Painter } from '../parts/waves/painter.ts';
import type { TraceView } from '../parts/waves/trace-view.ts';
import { TRACE_KEYS, type TraceKey } from '../parts/waves/traces.ts';
import type { Controls } from '../shell/controls.ts';
import { pathOf } from '../shell/router.ts';
import type { Text } from '../shell/text/en.ts';
import { AlarmLine } from './alarm-line.tsx';
import type { BedBoard } from './board.ts';

type HeadProps = { bed: BedBoard; controls: Controls };

/** Choosing a bed is for those who may do something about it. */
const Pick = ({ bed, controls }: HeadProps) => (
  <button
    type="button"
    class="pick"
    aria-label={bed.head.value.label}
    onClick={() => controls.select({ kind: 'bed', id: bed.id })}
  />
);

const Head = ({ bed, controls }: HeadProps) => {
  const { unit, label, patient, device, deviceTone, warning } = bed.head.value;
  return (
    <header class="head">
      {controls.isOperator.value && <Pick bed={bed} controls={controls} />}
      {unit && <span class="unit">{unit}</span>}
      <a class="bed" href={pathOf({ page: 'bed', bed: bed.id })}>
        {label}
      </a>
      <span class="patient">{patient}</span>
      {warning && <span class="warning">{warning}</span>}
      {!(warning && deviceTone === 'good') && <span class={`device device-${deviceTone}`}>{device}</span>}
    </header>
  );
};

const classOf = (name: string, { tone, alarm, alarmTone }: CellView): string =>
  `cell cell-${name} tone-${tone}${alarm && alarmTone ? ` alarm-${alarm} ground-${groundOf(alarm, alarmTone)}` : ''}`;

const Cell = ({ name, view }: { name: string; view: Signal<CellView | undefined> }) => {
  const cell = view.value;
  if (!cell) return null;
  return (
    <div class={classOf(name, cell)} style={{ '--colour': cell.colour }}>
      <NumberParts cell={cell} />
    </div>
  );
};

type SweepProps = { bed: BedBoard; trace: TraceKey; painter: Painter; text: Text };

const Sweep = ({ bed, trace, painter, text }: SweepProps) => {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    if (!canvas.current) return;
    return painter.attach(canvas.current, bed.id, trace, (status) => bed.noteTrace(trace, status));
  }, [bed, trace, painter]);
  return (
    <div class={`sweep sweep-${trace}`}>
      <canvas ref={canvas} />
      <SweepMarks view={bed.traces[trace]} text={text} />
    </div>
  );
};

const SweepMarks = ({ view, text }: { view: Signal<TraceView>; text: Text }) => {
  const { label, note, millivolt } = view.value;
  return (
    <>
      <span class="trace-label">{label}</span>
      {note && <span class="trace-note">{note}</span>}
      {millivolt > 0 && (
        <span class="millivolt" style={{ '--share': millivolt }}>
          <span>{text.millivolt}</span>
        </span>
      )}
    </>
  );
};

/** In the place of the waves, where there are none for a reason. */
const Watch = ({ bed }: { bed: BedBoard }) => {
  const { title, detail, look } = bed.watch.value;
  if (!title) return null;
  return (
    <div class="watch">
      <strong>
        <WatchSign look={look} /> {title}
      </strong>
      {detail && <span>{detail}</span>}
    </div>
  );
};

type TileProps = { bed: BedBoard; painter: Painter; controls: Controls; text: Text };

export const Tile = ({ bed, painter, controls, text }: TileProps) => {
  const classes = useComputed(() => {
    const selected = controls.selection.value;
    const isSelected = selected?.kind === 'bed' && selected.id === bed.id;
    const name = `${bed.tileClass.value} watch-${bed.watch.value.look}`;
    return isSelected ? `${name} selected` : name;
  });
  return (
    <article class={classes}>
      <Head bed={bed} controls={controls} />
      <AlarmLine alarm={bed.alarm} text={text} />
      <div class="sweeps">
        {TRACE_KEYS.map((trace) => (
          <Sweep key={trace} bed={bed} trace={trace} painter={painter} text={text} />
        ))}
      </div>
      <Watch bed={bed} />
      <div class="numbers">
        {bed.cells.map(({ key, view }) => (
          <Cell key={key} name={key} view={view} />
        ))}
      </div>
    </article>
  );
};
