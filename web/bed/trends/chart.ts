import uPlot from 'uplot';
import { vital } from '#domain/vitals.ts';
import type { Row } from '../../parts/display.ts';
import type { Columns } from './rows.ts';
import type { Stretch } from './window.ts';

/** The width of the scale at the left, in the page's letters; the lanes above the charts (`.bed-lane-room`) keep the same. */
const AXIS_EMS = 3.4;
const RIGHT_MARGIN = 10;

const SYNC_KEY = 'bed-trends';

export type ChartDeps = {
  readonly host: HTMLElement;
  readonly row: Row;
  readonly hasTimes: boolean;
  /** What is seen; asked with each drawing. */
  readonly stretch: () => Stretch;
  readonly timeText: (ms: number, stepMs: number) => string;
  readonly onZoom: (stretch: Stretch) => void;
  readonly onReset: () => void;
  /** The place in the columns under the cursor. */
  readonly onCursor: (place: number | null) => void;
};

const token = (name: string): string => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

const SECONDARY_DASH: Readonly<Record<number, number[]>> = { 1: [6, 3], 2: [2, 3] };

/** Highest and lowest as a band without an edge, and the mean as a line. Parts of a pressure differ by dashes, too. */
const seriesOf = ({ vitals }: Row, em: number): uPlot.Series[] =>
  vitals.flatMap((id, place) => {
    const { colour, measured } = vital(id);
    const edge: uPlot.Series = { stroke: 'transparent', points: { show: false } };
    // What is measured now and then is told by points, as long as there is room for them.
    const points = { size: em * 0.4, fill: colour, ...(measured === 'continuous' ? { show: false } : {}) };
    const dash = SECONDARY_DASH[place];
    return [edge, edge, { stroke: colour, width: em / 10, points, ...(dash ? { dash } : {}) }];
  });

const bandsOf = ({ vitals }: Row): uPlot.Band[] =>
  vitals.map((id, place) => ({ series: [3 * place + 1, 3 * place + 2], fill: `${vital(id).colour}59` }));

const rangeOf = ({ trendSpan }: Row, low: number | null, high: number | null): [number, number] => {
  if (low === null || high === null) return [0, trendSpan];
  const half = (Math.max(high - low, trendSpan) * 1.1) / 2;
  const middle = (low + high) / 2;
  return [middle - half, middle + half];
};

const axesOf = ({ hasTimes, timeText }: ChartDeps, em: number): uPlot.Axis[] => {
  const common = {
    stroke: token('--dim'),
    font: `${Math.max(12, em * 0.8)}px system-ui, sans-serif`,
    grid: { stroke: token('--line'), width: 1 },
    ticks: { show: false },
  };
  const times: uPlot.Axis = {
    ...common,
    size: hasTimes ? 1.7 * em : 0,
    space: 5 * em,
    values: (_plot, splits) => {
      const stepMs = ((splits[1] ?? 0) - (splits[0] ?? 0)) * 1_000;
      return splits.map((seconds) => (hasTimes ? timeText(seconds * 1_000, stepMs) : ''));
    },
  };
  return [times, { ...common, size: AXIS_EMS * em, space: 1.7 * em }];
};

export type Chart = {
  readonly setData: (columns: Columns) => void;
  readonly destroy: () => void;
};

export const createChart = (deps: ChartDeps, columns: Columns): Chart => {
  const { host, row, stretch } = deps;
  const em = Number.parseFloat(getComputedStyle(host).fontSize);
  const size = () => {
    const { width, height } = host.getBoundingClientRect();
    return { width: Math.max(160, Math.floor(width)), height: Math.max(60, Math.floor(height)) };
  };

  const onSelect = (plot: uPlot): void => {
    const { left, width } = plot.select;
    if (width < 4) return;
    const at = (pixels: number): number => plot.posToVal(pixels, 'x') * 1_000;
    plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
    deps.onZoom({ fromMs: at(left), toMs: at(left + width) });
  };

  const plot = new uPlot(
    {
      ...size(),
      padding: [6, RIGHT_MARGIN, 4, 0],
      legend: { show: false },
      cursor: {
        sync: { key: SYNC_KEY },
        drag: { x: true, y: false, setScale: false },
        points: { size: 7 },
        bind: {
          dblclick: () => () => {
            deps.onReset();
            return null;
          },
        },
      },
      scales: {
        x: { time: true, range: () => [stretch().fromMs / 1_000, stretch().toMs / 1_000] },
        y: { range: (_plot, low, high) => rangeOf(row, low, high) },
      },
      axes: axesOf(deps, em),
      series: [{}, ...seriesOf(row, em)],
      bands: bandsOf(row),
      hooks: {
        setSelect: [onSelect],
        setCursor: [({ cursor }) => deps.onCursor(cursor.idx ?? null)],
      },
    },
    columns as uPlot.AlignedData,
    host,
  );

  const observer = new ResizeObserver(() => plot.setSize(size()));
  observer.observe(host);

  return {
    setData: (next) => plot.setData(next as uPlot.AlignedData),
    destroy() {
      observer.disconnect();
      plot.destroy();
    },
  };
};
