import type { Burden } from '#contracts/http/review.ts';
import { PRIORITIES } from '#domain/alarms/conditions.ts';
import { Bars } from './bars.tsx';
import { Card, type CardProps } from './card.tsx';
import { unitName } from './context.ts';
import { BENCHMARKS } from './sums.ts';

/** The burden beside figures that others have published. */

type Unit = Burden['units'][number];

const unitBars = (
  { burden: { units }, ...context }: CardProps,
  figureOf: (unit: Unit) => number,
  marks: readonly number[],
) =>
  units.map((unit) => ({
    key: unit.unit,
    name: unitName(context, unit.unit),
    value: figureOf(unit),
    words: context.voice.number(figureOf(unit), 1),
    marks,
  }));

const Announcements = ({ burden: { total }, text, voice }: CardProps) => {
  const { announcementsPerBedDay: figure } = total;
  const words = figure === null ? voice.text.blank : voice.number(figure, 1);
  return <Bars rows={[{ key: 'all', name: text.all, value: figure ?? 0, words, marks: [BENCHMARKS.perBedDay] }]} />;
};

const Split = ({ burden: { total }, text, voice }: CardProps) => (
  <Bars
    top={1}
    rows={PRIORITIES.toReversed().map((priority) => {
      const share = total.alarms === 0 ? 0 : (total.byPriority[priority] ?? 0) / total.alarms;
      const target = BENCHMARKS.split[priority];
      return {
        key: priority,
        name: voice.text.priorities[priority],
        value: share,
        words: `${voice.percent(share * 100)} (${text.benchmarkLines.split(voice.percent(target * 100))})`,
        marks: [target],
      };
    })}
  />
);

/** Lines to compare with are drawn where there is a figure to draw them at. */
export const Benchmarks = (props: CardProps) => {
  const { text } = props;
  const lines = text.benchmarkLines;
  return (
    <Card title={text.benchmarks} isWide>
      <div class="review-burden">
        <div>
          <h3>{text.rate}</h3>
          <Bars rows={unitBars(props, ({ alarmsPerHour }) => alarmsPerHour, BENCHMARKS.alarmsPerHour)} />
          <p>{[lines.rateAcceptable, lines.rateManageable, lines.rateOverload].join(' · ')}</p>
        </div>
        <div>
          <h3>{text.peak}</h3>
          <Bars rows={unitBars(props, ({ peakIn10min }) => peakIn10min, [BENCHMARKS.mostIn10min])} />
          <p>{lines.peak}</p>
        </div>
        <div>
          <h3>{text.announcementsPerBedDay}</h3>
          <Announcements {...props} />
          <p>{lines.icu}</p>
        </div>
        <div>
          <h3>{text.priority}</h3>
          <Split {...props} />
        </div>
      </div>
      <p>{text.benchmarkSource}</p>
    </Card>
  );
};
