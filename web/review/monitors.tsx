import './history.css';

import { MonitorAlarmPage, type MonitorAlarmRecord } from '#contracts/http/monitor-alarms.ts';
import { useAsked } from '../parts/asked.ts';
import { monitorAlarmText, monitorDetail } from '../parts/monitor/alarm.ts';
import { Refused } from '../parts/refused.tsx';
import { PriorityShape } from '../parts/symbols.tsx';
import { partsText } from '../parts/text/language.ts';
import { dayAndTime } from '../parts/when.ts';
import { bedName, type PageContext } from './context.ts';
import { HISTORY_KEYS, historyRequest, keyOf, withPlace } from './filter.ts';
import { Scope } from './filters.tsx';

/** Where and when alone: monitors' alarms are of no kind of the station. */
const requestOf = (context: PageContext): Record<string, string | number | undefined> => {
  const { unit, bed, from, to, limit, before } = historyRequest(context.query, context.now());
  return { unit, bed, from, to, limit, before };
};

const Row = ({ alarm, ...context }: PageContext & { alarm: MonitorAlarmRecord }) => {
  const { text, voice } = context;
  const { bed, device, decidedAt, endedAt, acknowledgedAt, acknowledgedBy, worstPriority } = alarm;
  return (
    <tr>
      <td>{dayAndTime(decidedAt, voice)}</td>
      <td>
        {bed === null ? '' : bedName(context, bed)} <small>{device}</small>
      </td>
      <td>
        <PriorityShape priority={worstPriority} />
        <span class="unseen">{voice.text.priorities[worstPriority]}</span>
        {monitorAlarmText(alarm, voice)}
      </td>
      <td>{monitorDetail({ ...alarm, unit: alarm.unitOfValue }, voice)}</td>
      <td>{endedAt === null ? text.goesOn : voice.age(endedAt - decidedAt)}</td>
      <td>
        {acknowledgedAt === null ? (
          <span class="parts-dim">{text.notAcknowledged}</span>
        ) : (
          text.acknowledgedAfter(acknowledgedBy ?? '', voice.age(acknowledgedAt - decidedAt))
        )}
      </td>
    </tr>
  );
};

const Alarms = ({ alarms, ...context }: PageContext & { alarms: readonly MonitorAlarmRecord[] }) => (
  <table class="parts-table">
    <thead>
      <tr>
        {Object.entries(context.text.columns).map(([name, words]) => (
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

/** Every alarm that monitors reported, as they told it. */
export const MonitorsView = (context: PageContext) => {
  const { text, voice, query, go, server } = context;
  const { asked, again } = useAsked(keyOf(query, HISTORY_KEYS), (signal) =>
    server.get(MonitorAlarmPage, 'monitor-alarms', requestOf(context), signal),
  );
  const { value, refusal, isLoading } = asked.value;
  return (
    <>
      <Scope {...context} />
      <p>{text.monitorsHelp}</p>
      <Refused refusal={refusal} voice={voice} onAgain={again} />
      <section class="review-list" aria-label={text.alarmsFound} aria-busy={isLoading}>
        {!value && isLoading && <p role="status">{partsText(voice.language).loading}</p>}
        {value?.alarms.length === 0 && <p role="status">{text.nothing}</p>}
        {value && value.alarms.length > 0 && <Alarms alarms={value.alarms} {...context} />}
        <div class="review-pages">
          {query.before && (
            <button type="button" onClick={() => go(withPlace(query, { before: '' }))}>
              {text.newest}
            </button>
          )}
          {value?.next && (
            <button type="button" onClick={() => go(withPlace(query, { before: value.next ?? '' }))}>
              {text.older}
            </button>
          )}
        </div>
      </section>
    </>
  );
};
