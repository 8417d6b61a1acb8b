import type { Plot } from './row.ts';

/** The plots of a run, one below the other, as one SVG. */
export const drawPlots = (plots: readonly Plot[]): string => {
  const height = plots.length * PANEL.height;
  const panels = plots.map((plot, index) => `<g transform="translate(0 ${index * PANEL.height})">${panel(plot)}</g>`);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${PANEL.width} ${height}" width="${PANEL.width}" height="${height}" font-family="system-ui, sans-serif" font-size="12">`,
    '<title>Measured against the budgets: throughput and percentiles</title>',
    `<rect width="100%" height="100%" fill="#fff"/>`,
    ...panels,
    '</svg>\n',
  ].join('\n');
};

const PANEL = { width: 960, height: 300, left: 90, right: 300, top: 40, bottom: 50 } as const;
const INNER = { width: PANEL.width - PANEL.left - PANEL.right, height: PANEL.height - PANEL.top - PANEL.bottom };
const COLOURS = ['#0b6e4f', '#c44900', '#3a4e9c', '#8c2f63', '#5b8c00', '#a07000', '#2f8c8c', '#6a4fb0'] as const;
const BUDGET_COLOUR = '#b00020';

type Scale = { readonly at: (value: number) => number; readonly ticks: readonly (readonly [number, string])[] };

const panel = (plot: Plot): string => {
  const points = plot.curves.flatMap(({ points }) => points);
  const xScale =
    plot.kind === 'percentiles'
      ? nines
      : linear(
          points.map(([x]) => x),
          INNER.width,
        );
  const yValues = [...points.map(([, y]) => y), ...(plot.budget === undefined ? [] : [plot.budget])];
  const yScale = plot.kind === 'percentiles' ? logarithmic(yValues) : linear([0, ...yValues], INNER.height);
  const x = (value: number) => PANEL.left + xScale.at(value);
  const y = (value: number) => PANEL.top + INNER.height - yScale.at(value);
  const right = PANEL.left + INNER.width;
  const bottom = PANEL.top + INNER.height;
  return [
    label(PANEL.left, 22, plot.title, 'font-weight="600" font-size="14"'),
    ...xScale.ticks.map(
      ([value, text]) =>
        line(x(value), PANEL.top, x(value), bottom, '#eee') +
        label(x(value), bottom + 18, text, 'text-anchor="middle"'),
    ),
    ...yScale.ticks.map(
      ([value, text]) =>
        line(PANEL.left, y(value), right, y(value), '#ddd') +
        label(PANEL.left - 8, y(value) + 4, text, 'text-anchor="end"'),
    ),
    label(right, bottom + 36, plot.xLabel, 'text-anchor="end" fill="#555"'),
    label(14, PANEL.top - 8, plot.yLabel, 'fill="#555"'),
    ...(plot.budget === undefined
      ? []
      : [
          line(PANEL.left, y(plot.budget), right, y(plot.budget), BUDGET_COLOUR, 'stroke-dasharray="6 4"'),
          label(PANEL.left + 6, y(plot.budget) - 5, 'budget', `fill="${BUDGET_COLOUR}"`),
        ]),
    ...plot.curves.map(({ name, points: curve }, index) => {
      const colour = COLOURS[index % COLOURS.length] ?? '#000';
      const path = curve
        .filter(([, value]) => Number.isFinite(value))
        .map(([px, py]) => `${x(px).toFixed(1)},${y(py).toFixed(1)}`);
      return (
        `<polyline fill="none" stroke="${colour}" stroke-width="1.6" points="${path.join(' ')}"/>` +
        label(right + 10, PANEL.top + 14 + 18 * index, name, `fill="${colour}"`)
      );
    }),
  ].join('\n');
};

const line = (x1: number, y1: number, x2: number, y2: number, stroke: string, more = ''): string =>
  `<line x1="${x1.toFixed(1)}" y1="${y1.toFixed(1)}" x2="${x2.toFixed(1)}" y2="${y2.toFixed(1)}" stroke="${stroke}" ${more}/>`;

const label = (x: number, y: number, text: string, more = ''): string =>
  `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" ${more}>${text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')}</text>`;

const linear = (values: readonly number[], length: number): Scale => {
  const low = Math.min(...values);
  const high = Math.max(...values, low + 1);
  const rough = (high - low) / 5;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5, 10].find((factor) => factor * power >= rough) ?? 10);
  const from = Math.floor(low / step) * step;
  const to = Math.ceil(high / step) * step;
  const count = Math.round((to - from) / step);
  const ticks = Array.from({ length: count + 1 }, (_, index) => from + index * step);
  return {
    at: (value) => ((value - from) / (to - from)) * length,
    ticks: ticks.map((value) => [value, value.toLocaleString('en')] as const),
  };
};

const logarithmic = (values: readonly number[]): Scale => {
  const positive = values.filter((value) => value > 0 && Number.isFinite(value));
  const low = Math.floor(Math.log10(Math.min(...positive, 1)));
  const high = Math.max(low + 1, Math.ceil(Math.log10(Math.max(...positive, 1))));
  const ticks = Array.from({ length: high - low + 1 }, (_, index) => 10 ** (low + index));
  return {
    at: (value) => ((Math.log10(Math.max(value, 10 ** low)) - low) / (high - low)) * INNER.height,
    ticks: ticks.map((value) => [value, String(Number(value.toPrecision(1)))] as const),
  };
};

/** Each nine takes as much room as the one before: 90, 99, 99.9, 99.99 per cent. */
const NINES = 4;
const nines: Scale = {
  at: (share) => (Math.min(NINES, -Math.log10(Math.max(1 - share, 1e-9))) / NINES) * INNER.width,
  ticks: [
    [0, '0%'],
    [0.5, '50%'],
    [0.9, '90%'],
    [0.99, '99%'],
    [0.999, '99.9%'],
    [0.9999, '99.99%'],
  ],
};
