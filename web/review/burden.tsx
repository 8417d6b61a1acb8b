import './burden.css';

import { KnownAlarmPage } from '#contracts/http/alarms.ts';
import { Burden, type BurdenRow } from '#contracts/http/review.ts';
import { CONDITION_IDS, PRIORITIES } from '#domain/alarms/conditions.ts';
import { VITAL_IDS, vital as vitalOf } from '#domain/vitals.ts';
import { alarmText } from '../parts/alarm-text.ts';
import { useAsked } from '../parts/asked.ts';
import { Refused } from '../parts/refused.tsx';
import { partsText } from '../parts/text/language.ts';
import { dayAndMinute } from '../parts/when.ts';
import { Bars, Days, PriorityKey } from './bars.tsx';
import { Benchmarks } from './benchmarks.tsx';
import { Card, type CardProps } from './card.tsx';
import { bedName, type PageContext, unitName } from './context.ts';
import { keyOf, rangeOf, SCOPE_KEYS } from './filter.ts';
import { Scope } from './filters.tsx';
import { byDay, most, responses } from './sums.ts';

/** How much the alarms asked of people. */

const TOP = 10;
const RESPONSES_OF = 1_000;

const scopeOf = ({ query, now }: Pick<PageContext, 'query' | 'now'>) => {
  const { fromMs, toMs } = rangeOf(query, now());
  return {
    unit: query.unit,
    bed: query.bed,
    from: new Date(fromMs).toISOString(),
    to: new Date(toMs).toISOString(),
  };
};

export const BurdenView = (context: PageContext) => {
  const { text, voice, query, server } = context;
  const key = keyOf(query, SCOPE_KEYS);
  const { asked, again } = useAsked(key, (signal) => server.get(Burden, 'alarms/burden', scopeOf(context), signal));
  const { value, refusal, isLoading } = asked.value;
  const csv = new URLSearchParams(
    Object.entries({ ...scopeOf(context), format: 'csv' }).flatMap(([name, words]) =>
      words === undefined ? [] : [[name, words]],
    ),
  );
  return (
    <>
      <Scope {...context}>
        <a class="review-download" href={`/api/v1/alarms/burden?${csv}`} download>
          {text.csv}
        </a>
      </Scope>
      <Refused refusal={refusal} voice={voice} onAgain={again} />
      {isLoading && !value && <p role="status">{partsText(voice.language).loading}</p>}
      {value && (
        <div class="review-burden" aria-busy={isLoading}>
          <Totals burden={value} {...context} />
          <ByDay burden={value} {...context} />
          <ByCause burden={value} {...context} />
          <ByBed burden={value} {...context} />
          <Responses {...context} />
          <Floods burden={value} {...context} />
          <Benchmarks burden={value} {...context} />
        </div>
      )}
    </>
  );
};

const Totals = ({ burden: { total, monitors, monitoredBedDays, lateDoubts }, ...context }: CardProps) => {
  const { text, voice } = context;
  const rate = (value: number | null): string => (value === null ? voice.text.blank : voice.number(value, 1));
  const count = (value: number): string => voice.number(value, 0);
  const figures = [
    [text.total, count(total.alarms)],
    [text.perBedDay, rate(total.perBedDay)],
    [text.announcements, count(total.announcements)],
    [text.announcementsPerBedDay, rate(total.announcementsPerBedDay)],
    [text.medianLength, total.medianMs === null ? voice.text.blank : voice.age(total.medianMs)],
    [text.under15s, total.under15s === null ? voice.text.blank : voice.percent(total.under15s * 100)],
    [text.unacknowledged, count(total.unacknowledgedOver60s)],
    [text.repeats, count(total.repeatsWithin5min)],
    [text.chattering, count(total.chattering)],
    [text.over24h, count(total.standingOver24h)],
    [text.lateCount, count(total.late)],
    [text.monitorsTotal, count(monitors.alarms)],
    [text.monitorsPerBedDay, rate(monitors.perBedDay)],
  ] as const;
  return (
    <section class="review-card review-wide">
      <dl class="review-figures">
        {figures.map(([name, words]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{words}</dd>
          </div>
        ))}
      </dl>
      <p>{text.announcementsHelp(voice.number(monitoredBedDays, 1))}</p>
      {lateDoubts.length > 0 && (
        <details>
          <summary>{text.lateCaveats}</summary>
          <ul>
            {lateDoubts.map(({ bed, device, from, to, why }) => (
              <li key={`${bed} ${device} ${from} ${why}`}>
                {text.lateCaveat[why](
                  bed === null ? (device ?? '') : bedName(context, bed),
                  dayAndMinute(Date.parse(from), voice),
                  dayAndMinute(Date.parse(to), voice),
                )}
              </li>
            ))}
          </ul>
        </details>
      )}
    </section>
  );
};

const ByDay = ({ burden, text, voice }: CardProps) => {
  const days = byDay(burden);
  const format = new Intl.DateTimeFormat(voice.locale, { month: 'numeric', day: 'numeric', timeZone: 'UTC' });
  const dayText = (day: string): string => format.format(Date.parse(`${day}T00:00:00Z`));
  return (
    <Card title={text.byDay} isWide>
      <PriorityKey counts={burden.total.byPriority as Record<'low' | 'medium' | 'high', number>} voice={voice} />
      <Days days={days} dayText={dayText} voice={voice} />
      <details>
        <summary>{text.asTable}</summary>
        <table class="parts-table">
          <thead>
            <tr>
              <th scope="col">{text.day}</th>
              {PRIORITIES.toReversed().map((priority) => (
                <th key={priority} scope="col">
                  {voice.text.priorities[priority]}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {days.map(({ day, counts }) => (
              <tr key={day}>
                <th scope="row">{dayText(day)}</th>
                {PRIORITIES.toReversed().map((priority) => (
                  <td key={priority}>{voice.number(counts[priority], 0)}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </details>
    </Card>
  );
};

/** A cause is a vital and what was wrong with it. */
const causeOf = ({ kind, condition }: BurdenRow): string => `${kind} ${condition}`;

const WITHOUT_VITAL: ReadonlySet<string> = new Set(['extreme-bradycardia', 'extreme-tachycardia']);

const causeText = ({ kind, condition: name }: BurdenRow, voice: PageContext['voice']): string => {
  const condition = CONDITION_IDS.find((id) => id === name);
  const vital = VITAL_IDS.find((id) => kind === `${id}-low` || kind === `${id}-high` || kind === `${id}-signal`);
  if (!condition) return name;
  const what = alarmText({ condition, vital: vital ?? null }, voice);
  // Two vitals can have an extreme tachycardia.
  return WITHOUT_VITAL.has(condition) && vital ? `${what} · ${vitalOf(vital).label[voice.language]}` : what;
};

const TopShare = ({ share, text, voice }: Pick<PageContext, 'text' | 'voice'> & { share: Burden['topBeds'] }) =>
  share.share === null ? null : (
    <p>
      {text.topShare(voice.number(share.top.length, 0), voice.number(share.of, 0), voice.percent(share.share * 100))}
    </p>
  );

const ByCause = ({ burden, text, voice }: CardProps) => (
  <Card title={text.byCause}>
    <Bars
      rows={most(burden.rows, causeOf, TOP).map(({ row, alarms }) => ({
        key: causeOf(row),
        name: causeText(row, voice),
        value: alarms,
        words: voice.number(alarms, 0),
      }))}
    />
    <TopShare share={burden.topCauses} text={text} voice={voice} />
  </Card>
);

const ByBed = ({ burden, ...context }: CardProps) => {
  const { text, voice } = context;
  return (
    <Card title={text.byBed}>
      <Bars
        rows={most(burden.rows, ({ bed }) => bed ?? '', TOP).map(({ row, alarms }) => ({
          key: row.bed ?? '',
          name: bedName(context, row.bed ?? ''),
          value: alarms,
          words: voice.number(alarms, 0),
        }))}
      />
      <TopShare share={burden.topBeds} text={text} voice={voice} />
    </Card>
  );
};

const Responses = (context: PageContext) => {
  const { text, voice, query, server } = context;
  const { asked } = useAsked(keyOf(query, SCOPE_KEYS), (signal) =>
    server.get(KnownAlarmPage, 'alarms', { ...scopeOf(context), late: 'false', limit: RESPONSES_OF }, signal),
  );
  const { value, refusal } = asked.value;
  const bins = responses(value?.alarms ?? []);
  return (
    <Card title={text.response}>
      <Refused refusal={refusal} voice={voice} />
      <Bars
        rows={text.responseBins.map((name, place) => ({
          key: name,
          name,
          value: bins[place] ?? 0,
          words: voice.number(bins[place] ?? 0, 0),
        }))}
      />
      <p>{value && text.responseHelp(voice.number(value.alarms.length, 0))}</p>
    </Card>
  );
};

const Floods = ({ burden: { units }, ...context }: CardProps) => {
  const { text, voice } = context;
  return (
    <Card title={text.flood}>
      <Bars
        top={1}
        rows={units.map(({ unit, floodShare, floods }) => ({
          key: unit,
          name: unitName(context, unit),
          value: floodShare,
          words: `${voice.percent(floodShare * 100)} · ${text.floods(voice.number(floods, 0))}`,
        }))}
      />
      <p>{text.floodHelp}</p>
    </Card>
  );
};
