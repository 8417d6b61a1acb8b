import type { ComponentChildren } from 'preact';
import { PRIORITIES } from '#domain/alarms/conditions.ts';
import { PriorityShape } from '../parts/symbols.tsx';
import type { Voice } from '../shell/text/language.ts';
import { type ByPriority, sumOf } from './sums.ts';

/** Bars. The figure stands beside each, so that nothing has to be read off. */

const WIDTH = 1_000;
const HEIGHT = 20;
const WORST_FIRST = PRIORITIES.toReversed();

type Part = { readonly class: string; readonly value: number };

const Bar = ({ parts, top, marks = [] }: { parts: readonly Part[]; top: number; marks?: readonly number[] }) => {
  const scale = top > 0 ? WIDTH / top : 0;
  let x = 0;
  return (
    <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" aria-hidden="true">
      <rect class="review-bar-ground" width={WIDTH} height={HEIGHT} />
      {parts.map((part) => {
        const from = x;
        x += part.value * scale;
        return <rect key={part.class} class={part.class} x={from} width={part.value * scale} height={HEIGHT} />;
      })}
      {marks.map((mark) => (
        <line key={mark} class="review-mark" x1={mark * scale} x2={mark * scale} y1="-2" y2={HEIGHT + 2} />
      ))}
    </svg>
  );
};

const plain = (value: number): Part[] => [{ class: 'review-bar-plain', value }];

const stacked = (counts: ByPriority): Part[] =>
  WORST_FIRST.map((priority) => ({ class: `review-bar-${priority}`, value: counts[priority] }));

type Row = {
  readonly key: string;
  readonly name: ComponentChildren;
  readonly value: number;
  readonly words: string;
  readonly counts?: ByPriority;
  /** Lines to compare with. */
  readonly marks?: readonly number[];
};

/** One below the other, all to one scale; `top` where that is not the greatest of them. */
export const Bars = ({ rows, top }: { rows: readonly Row[]; top?: number }) => {
  const greatest = top ?? Math.max(0, ...rows.flatMap(({ value, marks = [] }) => [value, ...marks]));
  return (
    <ul class="review-bars">
      {rows.map(({ key, name, value, words, counts, marks = [] }) => (
        <li key={key}>
          <span>{name}</span>
          <Bar parts={counts ? stacked(counts) : plain(value)} top={greatest} marks={marks} />
          <span class="review-amount">{words}</span>
        </li>
      ))}
    </ul>
  );
};

/** The colours in words and shapes, with their sums. */
export const PriorityKey = ({ counts, voice }: { counts: ByPriority; voice: Voice }) => (
  <ul class="review-key">
    {WORST_FIRST.map((priority) => (
      <li key={priority}>
        <PriorityShape priority={priority} />
        {voice.text.priorities[priority]} <strong>{voice.number(counts[priority], 0)}</strong>
      </li>
    ))}
  </ul>
);

const DAY_WIDTH = 60;
const PLOT_HEIGHT = 200;
const HEAD = 24;
const FOOT = 24;
const FEWEST_DAYS = 7;

/** One bar a day, worst at the bottom. */
export const Days = ({
  days,
  dayText,
  voice,
}: {
  days: readonly { readonly day: string; readonly counts: ByPriority }[];
  dayText: (day: string) => string;
  voice: Voice;
}) => {
  const top = Math.max(1, ...days.map(({ counts }) => sumOf(counts)));
  const scale = PLOT_HEIGHT / top;
  const width = Math.max(days.length, FEWEST_DAYS) * DAY_WIDTH;
  // Names of days stand apart, however many days there are.
  const step = Math.ceil(days.length / 14);
  return (
    <svg
      class="review-days"
      viewBox={`0 0 ${width} ${HEAD + PLOT_HEIGHT + FOOT}`}
      preserveAspectRatio="xMinYMid"
      aria-hidden="true"
    >
      {days.map(({ day, counts }, place) => {
        const middle = (place + 0.5) * DAY_WIDTH;
        let y = HEAD + PLOT_HEIGHT;
        return (
          <g key={day}>
            {WORST_FIRST.map((priority) => {
              const height = counts[priority] * scale;
              y -= height;
              return (
                <rect
                  key={priority}
                  class={`review-bar-${priority}`}
                  x={middle - DAY_WIDTH * 0.4}
                  y={y}
                  width={DAY_WIDTH * 0.8}
                  height={height}
                />
              );
            })}
            {place % step === 0 && (
              <>
                <text x={middle} y={y - 6}>
                  {voice.number(sumOf(counts), 0)}
                </text>
                <text x={middle} y={HEAD + PLOT_HEIGHT + 18}>
                  {dayText(day)}
                </text>
              </>
            )}
          </g>
        );
      })}
      <line class="review-axis" x1="0" x2={width} y1={HEAD + PLOT_HEIGHT} y2={HEAD + PLOT_HEIGHT} />
    </svg>
  );
};
