import './history.css';

import { useRef } from 'preact/hooks';
import { type KnownAlarm, KnownAlarmPage } from '#contracts/http/alarms.ts';
import { alarmText } from '../parts/alarm-text.ts';
import { useAsked } from '../parts/asked.ts';
import { Refused } from '../parts/refused.tsx';
import { PriorityShape } from '../parts/symbols.tsx';
import { partsText } from '../parts/text/language.ts';
import { dayAndTime } from '../parts/when.ts';
import { bedName, type PageContext } from './context.ts';
import { Explanation } from './explanation.tsx';
import { HISTORY_KEYS, historyRequest, keyOf, withPlace } from './filter.ts';
import { KindFilters, Scope } from './filters.tsx';
import { lateText, quantity } from './words.ts';

/** Every alarm there was, and beside the list why the chosen one was. */
export const HistoryView = (context: PageContext) => {
  const { text, voice, query, go, server, now } = context;
  const { asked, again } = useAsked(keyOf(query, HISTORY_KEYS), (signal) =>
    server.get(KnownAlarmPage, 'alarms', historyRequest(query, now()), signal),
  );
  const { value, refusal, isLoading } = asked.value;
  const list = useRef<HTMLElement>(null);
  const close = (): void => {
    go(withPlace(query, { alarm: '' }));
    // On a phone the list is there only once the explanation is gone.
    requestAnimationFrame(() => list.current?.querySelector<HTMLElement>(`[data-alarm="${query.alarm}"]`)?.focus());
  };
  return (
    <>
      <Scope {...context}>
        <KindFilters {...context} />
      </Scope>
      <Refused refusal={refusal} voice={voice} onAgain={again} />
      <div class={query.alarm ? 'review-history review-opened' : 'review-history'}>
        <section ref={list} class="review-list" aria-label={text.alarmsFound} aria-busy={isLoading}>
          {!value && isLoading && <p role="status">{partsText(voice.language).loading}</p>}
          {value?.alarms.length === 0 && <p role="status">{text.nothing}</p>}
          {value && value.alarms.length > 0 && <Alarms alarms={value.alarms} {...context} />}
          <div class="review-pages">
            {query.before && (
              <button type="button" onClick={() => go(withPlace(query, { before: '', alarm: '' }))}>
                {text.newest}
              </button>
            )}
            {value?.next && (
              <button type="button" onClick={() => go(withPlace(query, { before: value.next ?? '', alarm: '' }))}>
                {text.older}
              </button>
            )}
          </div>
        </section>
        {query.alarm && <Explanation key={query.alarm} id={query.alarm} onClose={close} {...context} />}
      </div>
    </>
  );
};

const Alarms = ({ alarms, ...context }: PageContext & { alarms: readonly KnownAlarm[] }) => {
  const { columns } = context.text;
  return (
    <table class="parts-table">
      <thead>
        <tr>
          {Object.entries(columns).map(([name, words]) => (
            <th key={name} scope="col">
              {words}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {alarms.map((alarm) => (
          <Row key={alarm.id} alarm={alarm} {...context} />
        ))}
      </tbody>
    </table>
  );
};

const Row = ({ alarm, ...context }: PageContext & { alarm: KnownAlarm }) => {
  const { text, voice, query, go } = context;
  const { decidedAt, endedAt, acknowledgedAt, acknowledgedBy, bed, late } = alarm;
  const isOpen = query.alarm === alarm.id;
  const open = (): void => go(withPlace(query, { alarm: isOpen ? '' : alarm.id }));
  return (
    <tr class={isOpen ? 'review-chosen' : ''}>
      <td>{dayAndTime(decidedAt, voice)}</td>
      <td>{bed === null ? voice.text.station : bedName(context, bed)}</td>
      <td>
        <button type="button" class="review-open" data-alarm={alarm.id} aria-expanded={isOpen} onClick={open}>
          <PriorityShape priority={alarm.priority} />
          <span class="unseen">{voice.text.priorities[alarm.priority]}</span>
          {alarmText(alarm, voice)}
        </button>
        {late && <span class="review-late">{lateText(alarm, text, voice)}</span>}
      </td>
      <td>
        {alarm.value !== null && quantity(alarm.value, alarm.vital, voice)}
        {alarm.limit !== null && <small> / {quantity(alarm.limit, alarm.vital, voice)}</small>}
      </td>
      <td>{endedAt === null ? text.goesOn : voice.age(endedAt - decidedAt)}</td>
      <td>
        {acknowledgedAt === null ? (
          <span class="parts-dim">{late ? '' : text.notAcknowledged}</span>
        ) : (
          text.acknowledgedAfter(acknowledgedBy ?? '', voice.age(acknowledgedAt - decidedAt))
        )}
      </td>
    </tr>
  );
};
