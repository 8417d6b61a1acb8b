import { useSignal } from '@preact/signals';
import type { Excursion, WhatIf } from '#contracts/http/review.ts';
import { PRIORITIES } from '#domain/alarms/conditions.ts';
import type { AlarmOverrides } from '#domain/alarms/settings.ts';
import { VITAL_IDS, vital } from '#domain/vitals.ts';
import { kindText } from '../../parts/alarm-text.ts';
import { AskWhatIf, useWhatIf } from '../../parts/limits/asking.tsx';
import { PriorityShape } from '../../parts/symbols.tsx';
import { dayAndTime } from '../../parts/when.ts';
import type { Voice } from '../../shell/text/language.ts';
import { bedText } from '../text/language.ts';

type Props = {
  readonly bed: string;
  readonly nowMs: number;
  /** undefined: nothing is changed, or it makes no sense. */
  readonly overrides: AlarmOverrides | undefined;
  readonly voice: Voice;
};

const HOUR_MS = 3_600_000;
const HOURS = [1, 8, 24, 72] as const;
const MOST_SHOWN = 50;

/** What the change would have done to the alarms of the past hours, asked before it is saved. */
export const Comparison = ({ bed, nowMs, overrides, voice }: Props) => {
  const text = bedText(voice.language);
  const hours = useSignal<number>(8);
  const whatIf = useWhatIf();
  const { value } = whatIf.work;
  const question = overrides && {
    path: `beds/${encodeURIComponent(bed)}`,
    fromMs: nowMs - hours.value * HOUR_MS,
    toMs: nowMs,
    overrides,
  };
  return (
    <div class="bed-what-if">
      <AskWhatIf
        whatIf={whatIf}
        question={question && (() => question)}
        verb={text.whatIfButton}
        stopVerb={text.cancel}
        running={(share) => text.whatIfRunning(voice.percent(share * 100))}
        voice={voice}
      >
        <label>
          {text.whatIfHours}{' '}
          <select
            value={hours.value}
            onChange={({ currentTarget }) => {
              hours.value = Number(currentTarget.value);
            }}
          >
            {HOURS.map((each) => (
              <option key={each} value={each}>
                {text.hours(voice.number(each, 0))}
              </option>
            ))}
          </select>
        </label>
      </AskWhatIf>
      {value.state === 'done' && <Result result={value.result} voice={voice} />}
    </div>
  );
};

/** A picture first: bars of the alarms as they were and as they would have been. */
const Result = ({ result: { before, after, silenced, notes }, voice }: { result: WhatIf; voice: Voice }) => {
  const text = bedText(voice.language);
  const most = Math.max(1, before.alarms, after.alarms);
  const runs = [
    { name: text.before, counts: before },
    { name: text.after, counts: after },
  ];
  return (
    <div class="bed-result" role="status">
      {runs.map(({ name, counts }) => (
        <div key={name} class="bed-run">
          <span>{name}</span>
          <span class="bed-bar">
            {PRIORITIES.toReversed().map((priority) => (
              <span
                key={priority}
                class={`bed-bar-part bed-bar-${priority}`}
                style={{ width: `${(counts.byPriority[priority] / most) * 100}%` }}
              />
            ))}
          </span>
          <span class="bed-counts">
            {PRIORITIES.toReversed().map((priority) => (
              <span key={priority} title={voice.text.priorities[priority]}>
                <PriorityShape priority={priority} /> {voice.number(counts.byPriority[priority], 0)}
              </span>
            ))}
            <strong>{voice.number(counts.alarms, 0)}</strong>
          </span>
        </div>
      ))}
      <p>{silenced.length === 0 ? text.nothingSilenced : text.silenced(voice.number(silenced.length, 0))}</p>
      <ul>
        {silenced.slice(0, MOST_SHOWN).map((each) => (
          <li key={`${each.kind} ${each.from}`}>{excursionText(each, voice)}</li>
        ))}
      </ul>
      {notes.length > 0 && (
        <details>
          <summary>{text.whatIfNotes}</summary>
          <ul>
            {notes.map((note) => (
              <li key={note}>{note}</li>
            ))}
          </ul>
        </details>
      )}
    </div>
  );
};

const excursionText = ({ kind, vital: name, from, lengthMs, farthest, limit }: Excursion, voice: Voice): string => {
  const text = bedText(voice.language);
  const id = VITAL_IDS.find((each) => each === name);
  const words = (value: number | null): string =>
    value === null ? text.notKnown : voice.number(value, id ? vital(id).decimals : 0);
  return text.excursion(
    kindText(kind, voice),
    dayAndTime(Date.parse(from), voice),
    voice.age(lengthMs),
    text.excursionValue(words(farthest), words(limit)),
  );
};
