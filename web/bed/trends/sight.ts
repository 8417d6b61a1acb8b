import { useComputed, useSignal } from '@preact/signals';
import { useMemo, useRef } from 'preact/hooks';
import type { PageContext } from '../context.ts';
import { moveBy, type Sight, type Stretch, stretchOf, zoomBy } from './window.ts';

/** What is looked at, and the ways to move along time. It follows the present until a person moves away from it. */
export const useSight = ({ now, stationNow }: PageContext) => {
  const sight = useSignal<Sight>({ span: '1h', stretch: undefined });
  // The last time that was known: without a link, what is stored can be looked at all the same.
  const lastMs = useRef(stationNow());
  const nowMs = useComputed(() => {
    lastMs.current = now.value.nowMs ?? lastMs.current;
    return lastMs.current;
  });
  const stretch = useComputed(() => JSON.stringify(stretchOf(sight.value, nowMs.value)));
  const seen = useMemo((): Stretch => JSON.parse(stretch.value), [stretch.value]);
  const change = (next: (held: Sight, at: number) => Sight): void => {
    sight.value = next(sight.peek(), nowMs.peek());
  };
  return {
    ...{ sight, seen, nowMs, change },
    isLive: now.value.nowMs !== undefined,
    toPresent: (): void => change(({ span }) => ({ span, stretch: undefined })),
    earlier: (): void => change((held, at) => moveBy(held, -0.25, at)),
    later: (): void => change((held, at) => moveBy(held, 0.25, at)),
    zoomIn: (): void => change((held, at) => zoomBy(held, 2, at)),
    zoomOut: (): void => change((held, at) => zoomBy(held, 0.5, at)),
  };
};

export type SightNow = ReturnType<typeof useSight>;
