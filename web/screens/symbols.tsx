import type { Inactivation } from '#domain/alarms/alarm.ts';
import type { Priority } from '#domain/alarms/conditions.ts';

/**
 * Signs of our own drawing after the meaning of IEC 60417-5576 (bell), -5319 (triangle) and the priority marks of
 * IEC 60601-1-8. A dashed cross has an end, a solid one has none. Words stand beside each, so none is read out.
 */

const SHAPES: Readonly<Record<Priority, string>> = {
  high: 'M12 1 L23.5 22 H0.5 Z',
  medium: 'M12 0.5 L23.5 12 L12 23.5 L0.5 12 Z',
  low: 'M12 1 A11 11 0 1 1 11.99 1 Z',
};

/** Where the exclamation marks stand: as many as the priority is high. */
const MARKS: Readonly<Record<Priority, { readonly x: readonly number[]; readonly top: number }>> = {
  high: { x: [8, 12, 16], top: 11.5 },
  medium: { x: [9.8, 14.2], top: 7.5 },
  low: { x: [12], top: 6.5 },
};

const MARK_HEIGHT = { high: 4.6, medium: 5.6, low: 6.6 } as const satisfies Record<Priority, number>;

export const PriorityShape = ({ priority }: { priority: Priority }) => {
  const { x, top } = MARKS[priority];
  const height = MARK_HEIGHT[priority];
  return (
    <svg class={`shape shape-${priority}`} viewBox="0 0 24 24" aria-hidden="true">
      <path class="shape-ground" d={SHAPES[priority]} />
      {x.map((at) => (
        <path
          key={at}
          class="shape-mark"
          d={`M${at} ${top} v${height} M${at} ${top + height + 2.6} v0.9`}
          fill="none"
          stroke-width="2.2"
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
