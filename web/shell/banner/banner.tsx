import { type Signal, useSignal } from '@preact/signals';
import type { RefObject } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { PRIORITIES } from '#domain/alarms/conditions.ts';
import { PriorityShape, WatchSign } from '../../parts/symbols.tsx';
import type { Wall } from '../../wall/wall.ts';
import type { Controls } from '../controls.ts';
import type { Voice } from '../text/language.ts';
import { Actions } from './actions.tsx';
import { AlarmItem, PriorityCounts } from './alarm-list.tsx';
import { type BannerLine, type BannerView, unansweredIn } from './banner-view.ts';

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

/** Lines of the list that are out of sight, in whole or in part. */
const useHidden = (list: RefObject<HTMLOListElement | null>, lines: readonly BannerLine[]): readonly BannerLine[] => {
  const hidden = useSignal<readonly string[]>([]);
  useLayoutEffect(() => {
    const { current } = list;
    if (!current) return;
    const measure = (): void => {
      const box = current.getBoundingClientRect();
      const isOut = (_: BannerLine, place: number): boolean => {
        const line = current.children[place]?.getBoundingClientRect();
        return line !== undefined && (line.bottom > box.bottom + 1 || line.top < box.top - 1);
      };
      const next = lines.filter(isOut).map(({ id }) => id);
      if (next.join() !== hidden.peek().join()) hidden.value = next;
    };
    measure();
    const watch = new ResizeObserver(measure);
    watch.observe(current);
    current.addEventListener('scroll', measure);
    return () => {
      watch.disconnect();
      current.removeEventListener('scroll', measure);
    };
  }, [list, lines, hidden]);
  return lines.filter(({ id }) => hidden.value.includes(id));
};

type LinesProps = Omit<Props, 'wall'> & { readonly banner: BannerView };

/** A line for each bed that has an alarm, as many as there is room for, and what of the rest nobody has answered. */
const Lines = ({ banner: { lines, items }, controls, voice }: LinesProps) => {
  const list = useRef<HTMLOListElement>(null);
  const hidden = useHidden(list, lines);
  const selected = controls.selection.value;
  // The most urgent stands first and is in sight, unless a person is on the way through the list.
  useLayoutEffect(() => {
    const chosen = selected?.kind === 'alarm' ? list.current?.querySelector('.selected') : undefined;
    if (chosen) chosen.scrollIntoView({ block: 'nearest' });
    else list.current?.scrollTo({ top: 0 });
  }, [selected, lines]);
  return (
    <>
      <ol class="items" ref={list}>
        {lines.map((line) => (
          <AlarmItem key={line.id} item={line} more={line.more} controls={controls} voice={voice} />
        ))}
      </ol>
      <button
        type="button"
        class={hidden.length > 0 ? 'all-opener some-hidden' : 'all-opener'}
        aria-keyshortcuts="m"
        aria-expanded={controls.isListOpen.value}
        aria-controls={controls.isListOpen.value ? 'all-alarms' : undefined}
        onClick={controls.toggleList}
      >
        {hidden.length > 0 && (
          <span class="hidden-items">
            {voice.text.moreBeds(voice.number(hidden.length, 0))}{' '}
            <PriorityCounts counts={unansweredIn(hidden)} voice={voice} />
          </span>
        )}
        <span>
          {voice.text.allAlarms(voice.number(items.length, 0))} <kbd>M</kbd>
        </span>
      </button>
    </>
  );
};

/** Beds that look calm because nobody watches them. */
const Unwatched = ({ wall, voice }: Pick<Props, 'wall' | 'voice'>) => {
  const count = wall.board.unwatched.value;
  if (count === 0) return null;
  return (
    <p class="unwatched-count">
      <WatchSign look="unwatched" /> {voice.text.notWatchedCount(voice.number(count, 0))}
    </p>
  );
};

/** Every bed that has an alarm, the most urgent first, and for an operator what can be done about it. */
export const AlarmBanner = ({ wall, controls, voice }: Props) => {
  const banner = wall.board.banner.value;
  return (
    <section class="alarms" aria-label={voice.text.alarms}>
      <Unwatched wall={wall} voice={voice} />
      {banner.lines.length === 0 ? (
        <p class="none">{voice.text.noAlarms}</p>
      ) : (
        <Lines banner={banner} controls={controls} voice={voice} />
      )}
      {controls.isOperator.value && <Actions wall={wall} controls={controls} voice={voice} />}
    </section>
  );
};
