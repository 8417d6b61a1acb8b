import type { Signal } from '@preact/signals';
import type { Text } from '../text/en.ts';
import type { BedAlarmView, InactivationView } from '../views/bed-alarm.ts';
import { InactivationSign, PriorityShape, Tick } from './symbols.tsx';

const Inactivated = ({ view: { what, words, scope, left } }: { view: InactivationView }) => (
  <span class={`inactivated inactivated-${what}`}>
    <InactivationSign what={what} />
    <span class="words">{[words, scope].filter(Boolean).join(': ')}</span>
    {left && <span class="left">{left}</span>}
  </span>
);

const Foremost = ({ view, text }: { view: BedAlarmView; text: Text }) => {
  if (!view.priority) return null;
  return (
    <span class="foremost">
      <PriorityShape priority={view.priority} />
      <strong class="what">{view.text}</strong>
      {view.tone === 'acknowledged' && <Tick />}
      {view.tone === 'over' && <span class="over">{text.conditionOver}</span>}
      {view.more.map(({ priority, count }) => (
        <span key={priority} class={`more more-${priority}`}>
          <PriorityShape priority={priority} />
          {count}
        </span>
      ))}
    </span>
  );
};

/** The line of a tile that tells its foremost alarm, how many more there are, and what is paused or off. */
export const AlarmLine = ({ alarm, text }: { alarm: Signal<BedAlarmView>; text: Text }) => {
  const view = alarm.value;
  return (
    <div class="signal alarm-line">
      <Foremost view={view} text={text} />
      {view.inactivations.map((each) => (
        <Inactivated key={`${each.what} ${each.scope}`} view={each} />
      ))}
    </div>
  );
};
