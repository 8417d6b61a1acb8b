import { PRIORITIES } from '#domain/alarms/conditions.ts';
import { AUDIO_PAUSE_MS } from '../alarms/actions.ts';
import type { Controls } from '../controls.ts';
import type { Voice } from '../text/language.ts';
import type { BannerItem, BannerView } from '../views/banner.ts';
import type { Wall } from '../wall.ts';
import { InactivationSign, PriorityShape, Tick } from './symbols.tsx';

type Props = { readonly wall: Wall; readonly controls: Controls; readonly voice: Voice };

const Counts = ({ counts, voice }: { counts: BannerView['counts']; voice: Voice }) => (
  <ul class="counts">
    {PRIORITIES.toReversed().map((priority) => (
      <li
        key={priority}
        class={`count count-${priority} ${counts[priority] === 0 ? 'count-none' : ''}`}
        title={voice.text.priorities[priority]}
      >
        <PriorityShape priority={priority} />
        {voice.number(counts[priority], 0)}
      </li>
    ))}
  </ul>
);

const ItemWords = ({ item, voice }: { item: BannerItem; voice: Voice }) => (
  <>
    <PriorityShape priority={item.priority} />
    <strong class="place">{item.place}</strong>
    <span class="what">
      {item.text} {item.detail && <small>{item.detail}</small>}
    </span>
    {item.tone === 'acknowledged' && <Tick />}
    {item.tone === 'over' && <span class="over">{voice.text.conditionOver}</span>}
    {item.isAudioPaused && <InactivationSign what="audio-paused" />}
    <time>{item.time}</time>
  </>
);

const Item = ({
  item,
  controls,
  voice,
  isOperator,
}: Omit<Props, 'wall'> & { item: BannerItem; isOperator: boolean }) => {
  const { id, bed } = item;
  const selected = controls.selection.value;
  const isSelected = selected?.kind === 'alarm' && selected.id === id;
  return (
    <li class={`item alarm-${item.priority} tone-${item.tone} ${isSelected ? 'selected' : ''}`}>
      {isOperator ? (
        <button
          type="button"
          class="line"
          aria-pressed={isSelected}
          onClick={() => controls.select({ kind: 'alarm', id, bed })}
        >
          <ItemWords item={item} voice={voice} />
        </button>
      ) : (
        <span class="line">
          <ItemWords item={item} voice={voice} />
        </span>
      )}
    </li>
  );
};

/** What the buttons would act on, or what has come of it. */
const Answer = ({ wall, controls, voice }: Props) => {
  const { text } = voice;
  const notice = controls.notice.value;
  if (notice) return <p class={`answer answer-${notice.tone}`}>{text[notice.text] as string}</p>;
  const selected = controls.selection.value;
  if (!selected) return <p class="answer">{text.chooseAlarm}</p>;
  if (selected.kind === 'bed') {
    const bed = wall.board.beds.value.find(({ id }) => id === selected.id);
    return <p class="answer answer-chosen">{bed?.head.value.label}</p>;
  }
  const item = wall.board.banner.value.items.find(({ id }) => id === selected.id);
  return <p class="answer answer-chosen">{[item?.place, item?.text].join(' · ')}</p>;
};

const Actions = (props: Props) => {
  const { controls, voice } = props;
  const { text, age } = voice;
  return (
    <div class="actions">
      <div class="verbs">
        <button type="button" aria-keyshortcuts="a" onClick={controls.acknowledge}>
          {text.acknowledge} <kbd>A</kbd>
        </button>
        <button type="button" aria-keyshortcuts="p" onClick={controls.pauseAudio}>
          {text.pauseAudio(age(AUDIO_PAUSE_MS))} <kbd>P</kbd>
        </button>
        <button type="button" aria-keyshortcuts="r" onClick={controls.reset}>
          {text.reset} <kbd>R</kbd>
        </button>
      </div>
      <div role="status">
        <Answer {...props} />
      </div>
    </div>
  );
};

/** All alarms that are seen, the most urgent first, and for an operator what can be done about them. */
export const AlarmBanner = ({ wall, controls, voice }: Props) => {
  const { items, counts } = wall.board.banner.value;
  const isOperator = wall.isOperator.value;
  return (
    <section class="alarms" aria-label={voice.text.alarms}>
      <Counts counts={counts} voice={voice} />
      {items.length === 0 ? (
        <p class="none">{voice.text.noAlarms}</p>
      ) : (
        <ol class="items">
          {items.map((item) => (
            <Item key={item.id} item={item} controls={controls} voice={voice} isOperator={isOperator} />
          ))}
        </ol>
      )}
      {isOperator && <Actions wall={wall} controls={controls} voice={voice} />}
    </section>
  );
};
