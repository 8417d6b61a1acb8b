import type { Signal } from '@preact/signals';
import type { BedAlarmView, InactivationView } from '../parts/bed-alarm.ts';
import { emsOf } from '../parts/fit.ts';
import { InactivationSign, PriorityShape, Tick } from '../parts/symbols.tsx';
import { Over } from '../shell/banner/alarm-list.tsx';
import type { Text } from '../shell/text/en.ts';

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
      {view.mark && <span class="origin">{view.mark}</span>}
      {view.tone === 'acknowledged' && <Tick />}
      {view.tone === 'over' && <Over text={text} />}
      {view.more.map(({ priority, count }) => (
        <span key={priority} class={`more more-${priority}`}>
          <PriorityShape priority={priority} />
          {count}
        </span>
      ))}
    </span>
  );
};

/** What the line needs beside its words, in ems. */
const BESIDE_EMS = 4;
const SIGN_EMS = 1.7;
const COUNT_EMS = 2.5;
const ORIGIN_EMS = 1.2;

/** Beside an alarm what is paused or off is a sign and the time that is left. */
const widthOf = ({ priority, tone, text: what, mark, more, inactivations }: BedAlarmView, text: Text): number => {
  const inactive = inactivations.map(({ words, scope, left }) => {
    const said = priority === null ? emsOf([words, scope].filter(Boolean).join(': ')) : 0;
    return 2.6 + said + emsOf(left);
  });
  return (
    BESIDE_EMS +
    emsOf(what) +
    (mark ? emsOf(mark) + ORIGIN_EMS : 0) +
    (tone === 'over' ? emsOf(text.conditionOverShort) + 1.2 : 0) +
    (tone === 'acknowledged' ? SIGN_EMS : 0) +
    more.length * COUNT_EMS +
    inactive.reduce((sum, ems) => sum + ems, 0)
  );
};

/** The line of a tile that tells its foremost alarm, how many more there are, and what is paused or off. */
export const AlarmLine = ({ alarm, text }: { alarm: Signal<BedAlarmView>; text: Text }) => {
  const view = alarm.value;
  return (
    <div class="signal alarm-line" style={{ '--ems': widthOf(view, text) }}>
      <Foremost view={view} text={text} />
      {view.inactivations.map((each) => (
        <Inactivated key={`${each.what} ${each.scope}`} view={each} />
      ))}
    </div>
  );
};
