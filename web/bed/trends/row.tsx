import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import type { Trends } from '#contracts/http/trends.ts';
import { type VitalId, vital } from '#domain/vitals.ts';
import { type Row, unitText } from '../../parts/display.ts';
import { dayAndMinute } from '../../parts/when.ts';
import type { Voice } from '../../shell/text/language.ts';
import { bedText } from '../text/language.ts';
import { type Chart, createChart } from './chart.ts';
import { type Columns, columnsOf } from './rows.ts';
import type { Stretch } from './window.ts';

export type RowProps = {
  readonly row: Row;
  readonly trends: Trends;
  readonly stretch: Stretch;
  readonly hasTimes: boolean;
  readonly voice: Voice;
  readonly onZoom: (stretch: Stretch) => void;
  readonly onReset: () => void;
};

const DAY_MS = 86_400_000;

const valueAt = (columns: Columns, place: number | null, vitalPlace: number, id: VitalId, voice: Voice): string => {
  const { noValue } = bedText(voice.language);
  const part = (offset: number): number | null | undefined =>
    place === null ? null : columns[3 * vitalPlace + offset]?.[place];
  const [high, low, mean] = [part(1), part(2), part(3)];
  if (mean === null || mean === undefined) return noValue;
  const words = (value: number): string => voice.number(value, vital(id).decimals);
  return high === low || typeof high !== 'number' || typeof low !== 'number'
    ? words(mean)
    : `${words(mean)} (${words(low)}–${words(high)})`;
};

export const TrendRow = (props: RowProps) => {
  const { row, trends, stretch, hasTimes, voice } = props;
  const host = useRef<HTMLDivElement>(null);
  const chart = useRef<Chart>(undefined);
  // What the chart calls back reads from here, so that the chart itself need not be made anew.
  const latest = useRef(props);
  latest.current = props;
  const columns = useRef<Columns>([[]]);
  const place = useSignal<number | null>(null);

  useEffect(() => {
    if (!host.current) return;
    columns.current = columnsOf(row, latest.current.trends);
    const made = createChart(
      {
        host: host.current,
        row,
        hasTimes,
        stretch: () => latest.current.stretch,
        timeText: (ms, stepMs) => (stepMs >= DAY_MS / 2 ? dayAndMinute(ms, voice) : voice.minuteOfDay(ms)),
        onZoom: (next) => latest.current.onZoom(next),
        onReset: () => latest.current.onReset(),
        onCursor: (next) => {
          place.value = next;
        },
      },
      columns.current,
    );
    chart.current = made;
    return made.destroy;
  }, [row, hasTimes, voice, place]);

  // The chart asks for the stretch itself when it is given data.
  useEffect(() => {
    columns.current = columnsOf(row, trends);
    chart.current?.setData(columns.current);
  }, [row, trends, stretch.fromMs, stretch.toMs]);

  return (
    <div class="bed-trend">
      <div class="bed-trend-name">
        {row.vitals.map((id, index) => (
          <span key={id} class="bed-trend-vital" style={{ '--colour': vital(id).colour }}>
            <strong>{vital(id).label[voice.language]}</strong>
            <span class="bed-trend-value">{valueAt(columns.current, place.value, index, id, voice)}</span>
          </span>
        ))}
        <small>{unitText(row.main, voice.text)}</small>
      </div>
      <div ref={host} class={hasTimes ? 'bed-trend-chart bed-trend-times' : 'bed-trend-chart'} />
    </div>
  );
};
