import type { Signal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import type { BedBoard } from '../board.ts';
import type { Text } from '../text/en.ts';
import type { CellView } from '../views/cell.ts';
import type { HeadView } from '../views/head.ts';
import type { TraceView } from '../views/trace.ts';
import type { Painter } from '../waves/painter.ts';
import { TRACE_KEYS, type TraceKey } from '../waves/traces.ts';

const Head = ({ head }: { head: Signal<HeadView> }) => {
  const { unit, label, patient, device, deviceTone, warning } = head.value;
  return (
    <header class="head">
      {unit && <span class="unit">{unit}</span>}
      <span class="bed">{label}</span>
      <span class="patient">{patient}</span>
      {warning && <span class="warning">{warning}</span>}
      {!(warning && deviceTone === 'good') && <span class={`device device-${deviceTone}`}>{device}</span>}
    </header>
  );
};

const Cell = ({ name, view }: { name: string; view: Signal<CellView | undefined> }) => {
  const cell = view.value;
  if (!cell) return null;
  return (
    <div class={`cell cell-${name} tone-${cell.tone}`} style={{ '--colour': cell.colour }}>
      <span class="label">
        {cell.label} <small>{cell.unit}</small>
      </span>
      <span class="value">
        {cell.value}
        {cell.mean && <small> ({cell.mean})</small>}
      </span>
      <span class="note">{cell.note}</span>
    </div>
  );
};

type SweepProps = { bed: BedBoard; trace: TraceKey; painter: Painter; text: Text };

const Sweep = ({ bed, trace, painter, text }: SweepProps) => {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    if (!canvas.current) return;
    return painter.attach(canvas.current, bed.id, trace, (status) => {
      bed.traceStatus[trace] = status;
    });
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

export const Tile = ({ bed, painter, text }: { bed: BedBoard; painter: Painter; text: Text }) => (
  <article class="tile">
    <Head head={bed.head} />
    <div class="sweeps">
      {TRACE_KEYS.map((trace) => (
        <Sweep key={trace} bed={bed} trace={trace} painter={painter} text={text} />
      ))}
    </div>
    <div class="numbers">
      {bed.cells.map(({ key, view }) => (
        <Cell key={key} name={key} view={view} />
      ))}
    </div>
  </article>
);
