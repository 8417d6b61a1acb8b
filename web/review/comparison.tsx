import type { AlarmCounts, Excursion, WhatIf } from '#contracts/http/review.ts';
import type { AlarmOverrides } from '#domain/alarms/settings.ts';
import { VITAL_IDS } from '#domain/vitals.ts';
import { kindText } from '../parts/alarm-text.ts';
import { AskWhatIf, useWhatIf } from '../parts/limits/asking.tsx';
import { PriorityShape } from '../parts/symbols.tsx';
import { dayAndTime } from '../parts/when.ts';
import { Bars, PriorityKey } from './bars.tsx';
import { bedName, type PageContext } from './context.ts';
import { BedThen } from './explanation.tsx';
import { rangeOf } from './filter.ts';
import type { ByPriority } from './sums.ts';
import { quantity } from './words.ts';

type Props = PageContext & {
  /** `beds/{id}` or `units/{id}`. */
  readonly path: string;
  /** undefined: nothing is changed, or it makes no sense. */
  readonly overrides: AlarmOverrides | undefined;
  readonly verb: string;
};

/** Past hours with other settings: asked for, watched, and told as a picture and a list. */
export const Comparison = ({ path, overrides, verb, ...context }: Props) => {
  const { text, voice, query, now } = context;
  const whatIf = useWhatIf();
  const { value } = whatIf.work;
  return (
    <div class="review-comparison">
      <AskWhatIf
        isMain
        whatIf={whatIf}
        question={overrides && (() => ({ path, ...rangeOf(query, now()), overrides }))}
        verb={verb}
        stopVerb={text.stop}
        running={(share, bed) => text.working(voice.percent(share * 100), bed && bedName(context, bed))}
        voice={voice}
      />
      {value.state === 'done' && <Result result={value.result} {...context} />}
    </div>
  );
};

const countsOf = ({ byPriority }: AlarmCounts): ByPriority => ({
  low: byPriority.low ?? 0,
  medium: byPriority.medium ?? 0,
  high: byPriority.high ?? 0,
});

const MOST_SHOWN = 200;

const Result = ({ result, ...context }: PageContext & { result: WhatIf }) => {
  const { text, voice } = context;
  const { before, after, silenced, notes, beds, bedDays } = result;
  const runs = [
    { key: 'before', name: text.before, run: before },
    { key: 'after', name: text.after, run: after },
  ];
  return (
    <section class="review-card">
      <Bars
        rows={runs.map(({ key, name, run }) => ({
          key,
          name,
          value: run.alarms,
          words: voice.number(run.alarms, 0),
          counts: countsOf(run),
        }))}
      />
      {runs.map(({ key, name, run }) => (
        <div key={key} class="review-run">
          <strong>{name}</strong>
          <PriorityKey counts={countsOf(run)} voice={voice} />
        </div>
      ))}
      <p>{text.recomputed(voice.number(beds.length, 0), voice.number(bedDays, 2))}</p>
      <h3>{silenced.length === 0 ? text.silencedNone : text.silenced(voice.number(silenced.length, 0))}</h3>
      {silenced.length > 0 && <Silenced silenced={silenced.slice(0, MOST_SHOWN)} {...context} />}
      {silenced.length > MOST_SHOWN && <p>{text.silencedMore(voice.number(MOST_SHOWN, 0))}</p>}
      {notes.length > 0 && (
        <details>
          <summary>{text.notes}</summary>
          <ul>
            {notes.map((note) => (
              <li key={note}>{note}</li>
            ))}
          </ul>
        </details>
      )}
    </section>
  );
};

const Silenced = ({ silenced, ...context }: PageContext & { silenced: readonly Excursion[] }) => (
  <div class="review-scroll">
    <table class="parts-table">
      <thead>
        <tr>
          {Object.entries(context.text.silencedColumns).map(([name, words]) => (
            <th key={name} scope="col">
              {words}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {silenced.map((each) => (
          <SilencedRow key={`${each.bed} ${each.kind} ${each.from}`} excursion={each} {...context} />
        ))}
      </tbody>
    </table>
  </div>
);

const SilencedRow = ({ excursion, ...context }: PageContext & { excursion: Excursion }) => {
  const { voice, text, router } = context;
  const { bed, kind, vital: name, from, lengthMs, farthest, past, priority } = excursion;
  const id = VITAL_IDS.find((each) => each === name) ?? null;
  const figure = (value: number | null): string => (value === null ? voice.text.blank : quantity(value, id, voice));
  const at = Date.parse(from);
  return (
    <tr>
      <td>
        <BedThen bed={bed} at={at} text={text} router={router}>
          {dayAndTime(at, voice)}
        </BedThen>
      </td>
      <td>{bedName(context, bed)}</td>
      <td>
        <PriorityShape priority={priority} /> {kindText(kind, voice)}
      </td>
      <td>{figure(farthest)}</td>
      <td>{figure(past)}</td>
      <td>{voice.age(lengthMs)}</td>
    </tr>
  );
};
