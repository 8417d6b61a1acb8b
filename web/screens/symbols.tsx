import type { Inactivation } from '#domain/alarms/alarm.ts';
import type { Priority } from '#domain/alarms/conditions.ts';

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

export const InactivationSign = ({ what }: { what: Inactivation['what'] }) => (
  <Crossed outline={what === 'audio-paused' ? BELL : TRIANGLE} isTimed={what !== 'alarm-off'} />
);
