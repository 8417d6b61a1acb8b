import { groundOf, type PriorityCount } from '../../parts/bed-alarm.ts';
import { emsOf } from '../../parts/fit.ts';
import { InactivationSign, PriorityShape, Tick } from '../../parts/symbols.tsx';
import { ofItem } from '../alarms/selection.ts';
import type { Controls } from '../controls.ts';
import type { Text } from '../text/en.ts';
import type { Voice } from '../text/language.ts';
import type { BannerItem } from './banner-view.ts';

/** How many of each priority, by shape and figure. */
export const PriorityCounts = ({ counts, voice }: { counts: readonly PriorityCount[]; voice: Voice }) =>
  counts.map(({ priority, count }) => (
    <span key={priority} class={`more more-${priority}`}>
      <PriorityShape priority={priority} />
      <span aria-hidden="true">{voice.number(count, 0)}</span>
      <span class="unseen">{voice.text.unanswered(voice.number(count, 0), voice.text.priorities[priority])}</span>
    </span>
  ));

/** A condition that is over and that nobody has seen: in one word where there is not room for all. */
export const Over = ({ text }: { text: Text }) => (
  <span class="over">
    <span class="over-long">{text.conditionOver}</span>
    <span class="over-short" aria-hidden="true">
      {text.conditionOverShort}
    </span>
  </span>
);

/** What a line needs beside its words, in ems: shape, gaps, time, and each sign there is. */
const BESIDE_EMS = 5.5;
const SIGN_EMS = 1.9;
const COUNT_EMS = 2.9;
const ORIGIN_EMS = 1.4;

const widthOf = (item: BannerItem, more: readonly PriorityCount[], { text }: Voice): number =>
  emsOf(item.place) +
  emsOf(item.text) +
  (item.mark ? emsOf(item.mark) + ORIGIN_EMS : 0) +
  BESIDE_EMS +
  (item.tone === 'over' ? emsOf(text.conditionOverShort) + 1 : 0) +
  (item.tone === 'acknowledged' ? SIGN_EMS : 0) +
  (item.isAudioPaused ? SIGN_EMS : 0) +
  more.length * COUNT_EMS;

type Props = {
  readonly item: BannerItem;
  readonly more?: readonly PriorityCount[];
  readonly controls: Controls;
  readonly voice: Voice;
};

const NONE: readonly PriorityCount[] = [];

const Words = ({ item, more, voice }: { item: BannerItem; more: readonly PriorityCount[]; voice: Voice }) => (
  <span class="words" style={{ '--ems': widthOf(item, more, voice) }}>
    <PriorityShape priority={item.priority} />
    <strong class="place">{item.place}</strong>
    <span class="what">{item.text}</span>
    {item.mark && <span class="origin">{item.mark}</span>}
    <small class="detail">{item.detail}</small>
    {item.tone === 'acknowledged' && <Tick />}
    {item.tone === 'over' && <Over text={voice.text} />}
    {item.isAudioPaused && <InactivationSign what="audio-paused" />}
    <PriorityCounts counts={more} voice={voice} />
    <time>{item.time}</time>
  </span>
);

/** An alarm as a line; for those who may answer it, a button. */
export const AlarmItem = ({ item, more = NONE, controls, voice }: Props) => {
  const selected = controls.selection.value;
  const isSelected = selected?.kind === 'alarm' && selected.id === item.id;
  const words = <Words item={item} more={more} voice={voice} />;
  return (
    <li
      class={`item alarm-${item.priority} ground-${groundOf(item.priority, item.tone)} ${isSelected ? 'selected' : ''}`}
    >
      {controls.isOperator.value ? (
        <button
          type="button"
          class="signal line"
          aria-pressed={isSelected}
          onClick={() => controls.select(ofItem(item))}
        >
          {words}
        </button>
      ) : (
        <span class="signal line">{words}</span>
      )}
    </li>
  );
};

/** Every alarm there is, each for itself. It stands below the banner until it is put away or left alone. */
export const AllAlarms = ({
  items,
  controls,
  voice,
}: Omit<Props, 'item' | 'more'> & { items: readonly BannerItem[] }) => {
  const title = voice.text.allAlarms(voice.number(items.length, 0));
  return (
    <section class="all-alarms" id="all-alarms" aria-label={title}>
      <header>
        <h2>{title}</h2>
        <button type="button" onClick={controls.toggleList}>
          {voice.text.closeList} <kbd>{voice.text.keyNames.escape}</kbd>
        </button>
      </header>
      <ol>
        {items.map((item) => (
          <AlarmItem key={item.id} item={item} controls={controls} voice={voice} />
        ))}
      </ol>
    </section>
  );
};
