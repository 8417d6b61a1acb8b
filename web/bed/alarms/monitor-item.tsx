import type { AlarmSignal } from '#domain/alarms/signal.ts';
import type { MonitorAlarm } from '#domain/monitor-alarms/alarm.ts';
import { groundOf } from '../../parts/bed-alarm.ts';
import { monitorAlarmText, monitorDetail, originMark } from '../../parts/monitor/alarm.ts';
import { InactivationSign, PriorityShape, Tick } from '../../parts/symbols.tsx';
import { timeNear } from '../../parts/when.ts';
import type { AlarmTone } from '../../shell/alarms/survey.ts';
import type { PageContext } from '../context.ts';
import { bedText } from '../text/language.ts';

type Props = Pick<PageContext, 'now' | 'voice' | 'isOperator'> & {
  readonly alarm: MonitorAlarm;
  readonly signal: AlarmSignal;
  readonly tone: AlarmTone;
  readonly actions: {
    readonly acknowledge: (id: string) => unknown;
    readonly reset: (id: string) => unknown;
  };
};

/** What the monitor does at the bedside, who reports it, and why it may not hold any more. */
const Notes = ({ alarm, voice }: Pick<Props, 'alarm' | 'voice'>) => {
  const words = bedText(voice.language).monitor;
  const { device, unconfirmed, monitorState, inactivation, isPriorityAssumed } = alarm;
  const told = [
    words.toldBy(device),
    monitorState && words.states[monitorState],
    inactivation && words.inactivations[inactivation],
  ];
  return (
    <div class="bed-monitor-notes">
      {unconfirmed && <strong>{words.unconfirmedBecause[unconfirmed]}</strong>}
      <span>{told.filter(Boolean).join(voice.text.comma)}</span>
      {isPriorityAssumed && <span>{words.priorityAssumed}</span>}
      <small>{words.stays}</small>
    </div>
  );
};

/** An alarm that a monitor reports, with what can be done about it here. */
export const MonitorItem = ({ alarm, signal, tone, actions, now, voice, isOperator }: Props) => {
  const ground = signal.isSeen ? groundOf(alarm.priority, tone) : 'quiet';
  return (
    <li class={`bed-alarm alarm-${alarm.priority} ground-${ground}`}>
      <div class="signal bed-alarm-line">
        <PriorityShape priority={alarm.priority} />
        <strong>{monitorAlarmText(alarm, voice)}</strong>
        <span class="origin">{originMark('monitor', voice)}</span>
        <span>{monitorDetail(alarm, voice)}</span>
        {tone === 'acknowledged' && <Tick />}
        {tone === 'over' && <span class="over">{voice.text.conditionOver}</span>}
        {!signal.isSeen && <span>{bedText(voice.language).notSeen}</span>}
        {signal.inactivation === 'audio-paused' && <InactivationSign what="audio-paused" />}
        <time>{timeNear(alarm.decidedAt, now.value.nowMs ?? alarm.decidedAt, voice)}</time>
      </div>
      <div class="parts-buttons">
        {isOperator && alarm.acknowledged === null && (
          <button type="button" class="bed-main" onClick={() => actions.acknowledge(alarm.id)}>
            {voice.text.acknowledge}
          </button>
        )}
        {isOperator && alarm.state === 'latched' && (
          <button type="button" onClick={() => actions.reset(alarm.id)}>
            {voice.text.reset}
          </button>
        )}
      </div>
      <Notes alarm={alarm} voice={voice} />
    </li>
  );
};
