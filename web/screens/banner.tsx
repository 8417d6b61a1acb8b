import { type Signal, useSignal } from '@preact/signals';
import type { RefObject } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { PRIORITIES } from '#domain/alarms/conditions.ts';
import { ofItem } from '../alarms/selection.ts';
import type { Controls } from '../controls.ts';
import type { Voice } from '../text/language.ts';
import type { BannerItem, BannerView } from '../views/banner.ts';
import { groundOf } from '../views/bed-alarm.ts';
import type { Wall } from '../wall.ts';
import { Actions } from './actions.tsx';
import { InactivationSign, PriorityShape, Tick } from './symbols.tsx';

type Props = { readonly wall: Wall; readonly controls: Controls; readonly voice: Voice };

/** How many alarms are seen, by priority. */
export const Counts = ({ banner, voice }: { banner: Signal<BannerView>; voice: Voice }) => {
  const { counts } = banner.value;
  return (
    <ul class="counts" aria-label={voice.text.alarms}>
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
};

const ItemWords = ({ item, voice }: { item: BannerItem; voice: Voice }) => (
  <>
    <PriorityShape priority={item.priority} />
    <strong class="place">{item.place}</strong>
    <span class="what">{item.text}</span>
    <small class="detail">{item.detail}</small>
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
  const selected = controls.selection.value;
  const isSelected = selected?.kind === 'alarm' && selected.id === item.id;
  return (
    <li
      class={`item alarm-${item.priority} ground-${groundOf(item.priority, item.tone)} ${isSelected ? 'selected' : ''}`}
    >
      {isOperator ? (
        <button
          type="button"
          class="signal line"
          aria-pressed={isSelected}
          onClick={() => controls.select(ofItem(item))}
        >
          <ItemWords item={item} voice={voice} />
        </button>
      ) : (
        <span class="signal line">
          <ItemWords item={item} voice={voice} />
        </span>
      )}
    </li>
  );
};

/** How many of the list's lines are out of sight. */
const useHidden = (list: RefObject<HTMLOListElement | null>, count: number): number => {
  const hidden = useSignal(0);
  useLayoutEffect(() => {
    const measure = (): void => {
      const line = list.current?.firstElementChild?.getBoundingClientRect();
      const box = list.current?.getBoundingClientRect();
      if (!line || !box) return;
      const fitting = Math.max(1, Math.round(box.width / line.width)) * Math.floor(box.height / line.height);
      hidden.value = Math.max(0, count - fitting);
    };
    measure();
    addEventListener('resize', measure);
    return () => removeEventListener('resize', measure);
  }, [list, count, hidden]);
  return hidden.value;
};

const Items = ({
  items,
  controls,
  voice,
  isOperator,
}: Omit<Props, 'wall'> & { items: BannerView['items']; isOperator: boolean }) => {
  const list = useRef<HTMLOListElement>(null);
  const hidden = useHidden(list, items.length);
  const selected = controls.selection.value;
  // The most urgent stands first and is in sight, unless a person is on the way through the list.
  useLayoutEffect(() => {
    const chosen = selected?.kind === 'alarm' ? list.current?.querySelector('.selected') : undefined;
    if (chosen) chosen.scrollIntoView({ block: 'nearest' });
    else list.current?.scrollTo({ top: 0 });
  }, [selected, items]);
  return (
    <>
      <ol class="items" ref={list}>
        {items.map((item) => (
          <Item key={item.id} item={item} controls={controls} voice={voice} isOperator={isOperator} />
        ))}
      </ol>
      <p class={hidden > 0 ? 'hidden-items' : 'hidden-items none-hidden'}>
        {voice.text.moreAlarms(voice.number(hidden, 0))}
      </p>
    </>
  );
};

/** All alarms that are seen, the most urgent first, and for an operator what can be done about them. */
export const AlarmBanner = ({ wall, controls, voice }: Props) => {
  const { items } = wall.board.banner.value;
  const isOperator = wall.isOperator.value;
  return (
    <section class="alarms" aria-label={voice.text.alarms}>
      {items.length === 0 ? (
        <p class="none">{voice.text.noAlarms}</p>
      ) : (
        <Items items={items} controls={controls} voice={voice} isOperator={isOperator} />
      )}
      {isOperator && <Actions wall={wall} controls={controls} voice={voice} />}
    </section>
  );
};
