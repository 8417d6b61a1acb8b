import './explanation.css';

import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { z } from 'zod';
import { AlarmSettings } from '#contracts/http/alarm-settings.ts';
import { KnownAlarmHistory } from '#contracts/http/alarms.ts';
import { alarmText } from '../parts/alarm-text.ts';
import { useAsked } from '../parts/asked.ts';
import { Refused } from '../parts/refused.tsx';
import { PriorityShape } from '../parts/symbols.tsx';
import { partsText } from '../parts/text/language.ts';
import { dayAndTime } from '../parts/when.ts';
import { wordOf } from '../parts/words.ts';
import type { Answer, Server } from '../shell/server.ts';
import { bedName, type PageContext } from './context.ts';
import { configOf, delayOf, type Named, namedSettings, pastOf, stagesOf } from './explain.ts';
import { Latency } from './latency.tsx';
import { lateText, quantity } from './words.ts';

/** Why an alarm was there: from its record, and from the settings that the record names. */

type Told = { readonly story: KnownAlarmHistory; readonly named: Named };

const VERSIONS = z.array(AlarmSettings);
const MANY = 1_000;

const readTold = async (server: Server, id: string, signal: AbortSignal): Promise<Answer<Told>> => {
  const story = await server.get(KnownAlarmHistory, `alarms/${encodeURIComponent(id)}`, {}, signal);
  if (!story.isOk) return story;
  const { config, unit, encounter } = story.value;
  const versions = async (query: Record<string, string>, isNamed: boolean): Promise<readonly AlarmSettings[]> => {
    if (!isNamed) return [];
    const answer = await server.get(VERSIONS, 'alarm-settings/versions', { ...query, limit: MANY }, signal);
    return answer.isOk ? answer.value : [];
  };
  const [ofUnit, ofStay] = await Promise.all([
    versions({ unit: unit ?? '' }, config.unit !== null && unit !== null),
    versions({ encounter: String(encounter) }, config.patient !== null && encounter !== null),
  ]);
  return { isOk: true, value: { story: story.value, named: namedSettings(story.value, ofUnit, ofStay) } };
};

export const Explanation = ({ id, onClose, ...context }: PageContext & { id: string; onClose: () => void }) => {
  const { text, voice, server } = context;
  const section = useRef<HTMLElement>(null);
  const { asked, again } = useAsked(id, (signal) => readTold(server, id, signal));
  const { value, refusal, isLoading } = asked.value;
  useEffect(() => section.current?.focus(), []);
  return (
    <section
      ref={section}
      class="review-explanation"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: it takes the focus when it opens
      tabIndex={0}
      aria-label={text.explanation}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return;
        event.preventDefault();
        onClose();
      }}
    >
      <header>
        <h3>{text.explanation}</h3>
        <button type="button" onClick={onClose}>
          {text.close}
        </button>
      </header>
      {isLoading && !value && <p role="status">{partsText(voice.language).loading}</p>}
      <Refused refusal={refusal} voice={voice} onAgain={again} />
      {value && <Story told={value} {...context} />}
    </section>
  );
};

const Story = ({ told, ...context }: PageContext & { told: Told }) => {
  const { text, voice } = context;
  const { story } = told;
  return (
    <>
      <p class="review-lead">
        <PriorityShape priority={story.priority} />
        <strong>{alarmText(story, voice)}</strong>
        <span>{story.bed === null ? voice.text.station : bedName(context, story.bed)}</span>
        <span class="parts-dim">{voice.text.priorities[story.priority]}</span>
      </p>
      {story.late && (
        <p class="review-note">
          <strong>{lateText(story, text, voice)}</strong> {text.lateHelp}
        </p>
      )}
      <Facts told={told} {...context} />
      {story.bed !== null && <BedThen bed={story.bed} at={story.decidedAt} {...context} />}
      {!story.late && <Latency stages={stagesOf(story)} text={text} voice={voice} />}
      <h4>{text.events}</h4>
      <ol class="review-events">
        {story.events.map((event) => (
          <li key={`${event.at} ${event.type}`}>
            <time>{dayAndTime(event.at, voice)}</time>
            <span>
              {text.eventTypes[event.type]}
              {event.by && ` ${text.byPerson(event.by)}`}
            </span>
          </li>
        ))}
      </ol>
    </>
  );
};

const Fact = ({ term, children }: { term: string; children: ComponentChildren }) => (
  <div>
    <dt>{term}</dt>
    <dd>{children}</dd>
  </div>
);

const Facts = ({ told: { story, named }, text, voice }: PageContext & { told: Told }) => {
  const { value, limit, worst, vital, measuredAt, config, recurrences, endedAt, endCause, device } = story;
  const past = pastOf(story);
  const settings = configOf(story, named);
  const seconds = (ms: number): string => text.seconds(voice.number(ms / 1_000, 1));
  const figure = (amount: number): string => quantity(amount, vital, voice);
  const delay = settings && text.delaySet(seconds(delayOf(story, settings)));
  return (
    <dl class="review-facts">
      {value !== null && (
        <Fact term={text.reading}>
          <strong>{figure(value)}</strong> {measuredAt !== null && dayAndTime(measuredAt, voice)}
        </Fact>
      )}
      {limit !== null && (
        <Fact term={text.threshold}>
          <strong>{figure(limit)}</strong>
        </Fact>
      )}
      {past && worst !== null && (
        <Fact term={text.past}>
          <strong>{figure(past.at)}</strong> ({text.worst(figure(worst), figure(past.worst))})
        </Fact>
      )}
      <Fact term={text.since}>{dayAndTime(story.startedAt, voice)}</Fact>
      <Fact term={text.waited}>
        <strong>{seconds(story.decidedAt - story.startedAt)}</strong> {delay && `(${delay})`}
      </Fact>
      <Fact term={text.settings}>
        <span>{text.preset(text.ageGroups[config.preset])}</span>
        <Version version={config.unit} row={named.unit} say={text.unitVersion} text={text} voice={voice} />
        <Version version={config.patient} row={named.stay} say={text.stayVersion} text={text} voice={voice} />
      </Fact>
      {device !== null && <Fact term={text.device}>{device}</Fact>}
      {recurrences > 0 && <Fact term={text.recurred}>{text.times(voice.number(recurrences, 0))}</Fact>}
      {endedAt !== null && (
        <Fact term={text.ended}>
          {dayAndTime(endedAt, voice)} {endCause !== null && `(${wordOf(text.endCauses, endCause)})`}
        </Fact>
      )}
    </dl>
  );
};

const Version = ({
  version,
  row,
  say,
  text,
  voice,
}: Pick<PageContext, 'text' | 'voice'> & {
  version: number | null;
  row: AlarmSettings | undefined;
  say: (version: string) => string;
}) => {
  if (version === null) return null;
  const by = row
    ? text.versionBy(row.author ?? '', row.createdAt === null ? '' : dayAndTime(row.createdAt, voice), row.reason ?? '')
    : text.versionGone;
  return (
    <span>
      {say(voice.number(version, 0))} <small>{by}</small>
    </span>
  );
};

export const BedThen = ({
  bed,
  at,
  text,
  router,
  children,
}: Pick<PageContext, 'text' | 'router'> & { bed: string; at: number; children?: ComponentChildren }) => {
  const query = { view: 'recording', at: String(Math.round(at)) };
  return (
    <a
      href={`/beds/${encodeURIComponent(bed)}?${new URLSearchParams(query)}`}
      onClick={(event) => {
        if (event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
        event.preventDefault();
        router.go({ page: 'bed', bed }, query);
      }}
    >
      {children ?? text.openBed}
    </a>
  );
};
