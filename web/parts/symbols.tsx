import type { Inactivation } from '#domain/alarms/alarm.ts';
import type { Priority } from '#domain/alarms/conditions.ts';
import type { WatchLook } from './watch.ts';

/**
 * Signs of our own drawing after the meaning of IEC 60417-5576 (bell), -5319 (triangle) and the priority marks of
 * IEC 60601-1-8. A dashed cross has an end, a solid one has none. Words stand beside each, so none is read out.
 */

const SHAPES: Readonly<Record<Priority, string>> = {
  high: 'M12 0 L24 23 H0 Z',
  medium: 'M12 0 L24 12 L12 24 L0 12 Z',
  low: 'M12 0.5 A11.5 11.5 0 1 1 11.99 0.5 Z',
};

type Marks = { readonly x: readonly number[]; readonly top: number; readonly height: number; readonly width: number };

/** Exclamation marks: as many as the priority is high. */
const MARKS: Readonly<Record<Priority, Marks>> = {
  high: { x: [7.2, 12, 16.8], top: 12.2, height: 4.4, width: 2.3 },
  medium: { x: [9.2, 14.8], top: 6.6, height: 6.2, width: 2.6 },
  low: { x: [12], top: 5, height: 8, width: 3 },
};

export const PriorityShape = ({ priority }: { priority: Priority }) => {
  const { x, top, height, width } = MARKS[priority];
  return (
    <svg class={`shape shape-${priority}`} viewBox="0 0 24 24" aria-hidden="true">
      <path class="shape-ground" d={SHAPES[priority]} />
      {x.map((at) => (
        <path
          key={at}
          class="shape-mark"
          d={`M${at} ${top} v${height} m0 ${width * 0.6} v${width}`}
          fill="none"
          stroke-width={width}
        />
      ))}
    </svg>
  );
};

export const Tick = () => (
  <svg class="sign" viewBox="0 0 24 24" aria-hidden="true">
    <path d="M3 13 L9.5 20 L21 4" fill="none" stroke="currentColor" stroke-width="4" />
  </svg>
);

const BELL =
  'M12 3 C7.5 3 6.5 7 6.5 11 C6.5 15 5 16.5 3.5 18 H20.5 C19 16.5 17.5 15 17.5 11 C17.5 7 16.5 3 12 3 Z M10 21 H14';
const TRIANGLE = 'M12 3 L22 20.5 H2 Z';

const Crossed = ({ outline, isTimed }: { outline: string; isTimed: boolean }) => (
  <svg class="sign" viewBox="0 0 24 24" aria-hidden="true">
    <path d={outline} fill="none" stroke="currentColor" stroke-width="2" stroke-linejoin="round" />
    <path
      d="M2 2 L22 22 M22 2 L2 22"
      fill="none"
      stroke="currentColor"
      stroke-width="2.4"
      stroke-dasharray={isTimed ? '3.6 2.6' : undefined}
    />
  </svg>
);

/** Sound is off until somebody turns it on. */
export const SoundOffSign = () => <Crossed outline={BELL} isTimed={false} />;

const Outline = ({ outline }: { outline: string }) => (
  <svg class="sign" viewBox="0 0 24 24" aria-hidden="true">
    <path d={outline} fill="none" stroke="currentColor" stroke-width="2.4" stroke-linejoin="round" />
  </svg>
);

/** Two bars: the bed is watched again when a person or new data ends the pause. */
const STANDBY = 'M8 5 V19 M16 5 V19';

export const InactivationSign = ({ what }: { what: Inactivation['what'] }) =>
  what === 'standby' ? (
    <Outline outline={STANDBY} />
  ) : (
    <Crossed outline={what === 'audio-paused' ? BELL : TRIANGLE} isTimed={what !== 'alarm-off'} />
  );

/** An eye, crossed; two bars; an empty bed; readings with gaps between them. */
const WATCH_SIGNS: Partial<Record<WatchLook, string>> = {
  unwatched: 'M2 12 C6 5.5 18 5.5 22 12 C18 18.5 6 18.5 2 12 Z M12 9 A3 3 0 1 1 11.99 9 Z M4 21 L20 3',
  standby: STANDBY,
  empty: 'M3 5 V20 M3 16 H21 V20 M21 16 V12 H3',
  spot: 'M3 12 H5 M11 12 H13 M19 12 H21 M4 7 V17 M12 7 V17 M20 7 V17',
};

export const WatchSign = ({ look }: { look: WatchLook }) => {
  const outline = WATCH_SIGNS[look];
  return outline ? <Outline outline={outline} /> : null;
};
