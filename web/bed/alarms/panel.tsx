import { useComputed, useSignal } from '@preact/signals';
import type { Alarm, Inactivation } from '#domain/alarms/alarm.ts';
import { mayBeOff } from '#domain/alarms/conditions.ts';
import { alarmText, evidenceText, kindText, limitText, worstText } from '../../parts/alarm-text.ts';
import { groundOf } from '../../parts/bed-alarm.ts';
import { Dialog } from '../../parts/dialog.tsx';
import { isOfMonitor } from '../../parts/monitor/alarm.ts';
import { Refused } from '../../parts/refused.tsx';
import { InactivationSign, PriorityShape, Tick } from '../../parts/symbols.tsx';
import { partsText } from '../../parts/text/language.ts';
import { timeNear } from '../../parts/when.ts';
import { AUDIO_PAUSE_MS } from '../../shell/alarms/actions.ts';
import { type ActiveAlarm, inForce, toneOf } from '../../shell/alarms/survey.ts';
import type { Refusal } from '../../shell/refusal.ts';
import type { Answer } from '../../shell/server.ts';
import type { PageContext } from '../context.ts';
import { bedPath } from '../paths.ts';
import { type BedText, bedText } from '../text/language.ts';
import { Explanation } from './explanation.tsx';
import { MonitorItem } from './monitor-item.tsx';
import { Oxygen } from './oxygen.tsx';

type Props = Pick<PageContext, 'bed' | 'now' | 'server' | 'voice' | 'isOperator' | 'patientName'> & {
  /** Shows the recording of a time. */
  readonly onLook: (ms: number) => void;
};

type Done = { readonly [Key in keyof BedText]: BedText[Key] extends string ? Key : never }[keyof BedText];

/** The outcome of the last request. */
type Outcome = { readonly refusal: Refusal | undefined; readonly done: Done | undefined };

const useActions = ({ bed, server }: Props) => {
  const outcome = useSignal<Outcome>({ refusal: undefined, done: undefined });
  const after = async (asked: Promise<Answer<unknown>>, done: Done): Promise<void> => {
    const answer = await asked;
    outcome.value = answer.isOk ? { refusal: undefined, done } : { refusal: answer, done: undefined };
  };
  const part = encodeURIComponent;
  return {
    outcome,
    acknowledge: (id: string) => after(server.send('POST', `alarms/${part(id)}/acknowledge`), 'doneAcknowledged'),
    reset: (id: string) => after(server.send('POST', `alarms/${part(id)}/reset`), 'doneReset'),
    resetAll: () => after(server.send('POST', bedPath(bed, 'alarms/reset')), 'doneReset'),
    pause: (what: 'audio-paused' | 'alarm-paused') =>
      after(server.send('POST', bedPath(bed, 'inactivations'), { what, durationMs: AUDIO_PAUSE_MS }), 'donePaused'),
    standby: () => after(server.send('POST', bedPath(bed, 'inactivations'), { what: 'standby' }), 'doneStandby'),
    switchOff: (kind: string) =>
      after(server.send('POST', bedPath(bed, 'inactivations'), { what: 'alarm-off', kind }), 'doneOff'),
    end({ what, kind }: Inactivation) {
      const query = new URLSearchParams({ what, ...(kind === null ? {} : { kind }) });
      return after(server.send('DELETE', bedPath(bed, `inactivations?${query}`)), 'doneEnded');
    },
  };
};

type Actions = ReturnType<typeof useActions>;

/** The alarms of this bed with what each means and what can be done, and what is paused or off. */
export const AlarmPanel = (props: Props) => {
  const { now, voice } = props;
  const text = bedText(voice.language);
  const actions = useActions(props);
  const active = useComputed(() => now.value.active);
  const inactive = useComputed(() => {
    const { nowMs, bed } = now.value;
    return nowMs === undefined || !bed ? [] : inForce(bed.inactivations, nowMs);
  });
  const { refusal, done } = actions.outcome.value;
  const isKnown = useComputed(() => now.value.nowMs !== undefined);
  // Without the list the page must not show what could be taken for "no alarms".
  if (!isKnown.value) return <p class="bed-unknown">{text.alarmsUnknown}</p>;
  return (
    <section class="bed-alarms" aria-label={text.bedAlarms}>
      {active.value.length === 0 ? (
        <p class="bed-none">{text.noAlarms}</p>
      ) : (
        <ol>
          {active.value.map((each) => (
            <AnyItem key={each.alarm.id} active={each} actions={actions} {...props} />
          ))}
        </ol>
      )}
      {inactive.value.length > 0 && (
        <ul class="bed-inactive" aria-label={text.inactive}>
          {inactive.value.map((each) => (
            <Inactive key={`${each.what} ${each.kind}`} inactivation={each} actions={actions} {...props} />
          ))}
        </ul>
      )}
      <Oxygen {...props} />
      <span role="status">{done && text[done]}</span>
      <Refused refusal={refusal} voice={voice} />
    </section>
  );
};

type ItemProps = Props & { readonly active: ActiveAlarm; readonly actions: Actions };

const AnyItem = (props: ItemProps) => {
  const { alarm, signal } = props.active;
  if (isOfMonitor(alarm)) return <MonitorItem {...props} {...{ alarm, signal, tone: toneOf(props.active) }} />;
  return <AlarmItem {...props} alarm={alarm} />;
};

const OwnLine = ({ active, alarm, now, voice }: Pick<ItemProps, 'active' | 'now' | 'voice'> & { alarm: Alarm }) => {
  const { signal } = active;
  const tone = toneOf(active);
  return (
    <div class="signal bed-alarm-line">
      <PriorityShape priority={alarm.priority} />
      <strong>{alarmText(alarm, voice)}</strong>
      <span>{worstText(alarm, voice) || limitText(alarm, voice)}</span>
      <span>{evidenceText(alarm, voice)}</span>
      {tone === 'acknowledged' && <Tick />}
      {tone === 'over' && <span class="over">{voice.text.conditionOver}</span>}
      {!signal.isSeen && <span>{bedText(voice.language).notSeen}</span>}
      {signal.inactivation === 'audio-paused' && <InactivationSign what="audio-paused" />}
      <time>{timeNear(alarm.decidedAt, now.value.nowMs ?? alarm.decidedAt, voice)}</time>
    </div>
  );
};

/** What is done in a hurry stands first; what takes an alarm away for good stands apart from it. */
const AlarmItem = ({
  active,
  alarm,
  actions,
  now,
  server,
  voice,
  isOperator,
  onLook,
}: ItemProps & { alarm: Alarm }) => {
  const text = bedText(voice.language);
  const isOpen = useSignal(false);
  const { signal } = active;
  const tone = toneOf(active);
  const ground = signal.isSeen ? groundOf(alarm.priority, tone) : 'quiet';
  return (
    <li class={`bed-alarm alarm-${alarm.priority} ground-${ground}`}>
      <OwnLine active={active} alarm={alarm} now={now} voice={voice} />
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
        <button
          type="button"
          class="bed-more"
          aria-expanded={isOpen.value}
          onClick={() => {
            isOpen.value = !isOpen.peek();
          }}
        >
          {isOpen.value ? text.hideWhy : text.why}
        </button>
      </div>
      {isOpen.value && (
        <div class="bed-explanation">
          <Explanation id={alarm.id} stamp={alarm.state + alarm.priority} server={server} voice={voice} />
          <div class="parts-buttons">
            <button type="button" onClick={() => onLook(alarm.decidedAt)}>
              {text.views.recording}
            </button>
            {isOperator && mayBeOff(alarm.kind) && (
              <SwitchOff onYes={() => actions.switchOff(alarm.kind)} text={text} />
            )}
          </div>
        </div>
      )}
    </li>
  );
};

/** Alarm off does not end by itself, so it is asked twice. */
const SwitchOff = ({ onYes, text }: { onYes: () => void; text: BedText }) => {
  const isAsked = useSignal(false);
  return (
    <button
      type="button"
      onBlur={() => {
        isAsked.value = false;
      }}
      onClick={() => {
        if (isAsked.peek()) onYes();
        isAsked.value = !isAsked.peek();
      }}
    >
      {isAsked.value ? text.reallyOff : text.alarmOff}
    </button>
  );
};

/** Buttons for the whole bed, whatever alarms there are. */
export const BedActions = (props: Props) => {
  const { bed, now, voice, isOperator } = props;
  const text = bedText(voice.language);
  const actions = useActions(props);
  const isAsking = useSignal(false);
  const close = (): void => {
    isAsking.value = false;
  };
  const isStandby = useComputed(() => now.value.bed?.inactivations.some(({ what }) => what === 'standby') ?? false);
  const { refusal, done } = actions.outcome.value;
  if (!isOperator) return null;
  return (
    <div class="bed-actions">
      <div class="parts-buttons">
        <button type="button" onClick={() => actions.pause('audio-paused')}>
          {text.pauseAudio}
        </button>
        <button type="button" onClick={() => actions.pause('alarm-paused')}>
          {text.pauseAlarms}
        </button>
        <button type="button" onClick={actions.resetAll}>
          {text.resetAll}
        </button>
        {!isStandby.value && (
          <button
            type="button"
            onClick={() => {
              isAsking.value = true;
            }}
          >
            {text.standby}
          </button>
        )}
        <span role="status">{done && text[done]}</span>
      </div>
      {isAsking.value && (
        <Dialog title={text.standbyFor(props.patientName, now.value.bed?.label ?? bed)} onClose={close}>
          <p>{text.standbyHelp}</p>
          <div class="parts-buttons">
            <button type="button" onClick={() => void actions.standby().then(close)}>
              {text.standby}
            </button>
            <button type="button" onClick={close}>
              {partsText(voice.language).cancel}
            </button>
          </div>
        </Dialog>
      )}
      <Refused refusal={refusal} voice={voice} />
    </div>
  );
};

type InactiveProps = Props & { readonly inactivation: Inactivation; readonly actions: Actions };

const Inactive = ({ inactivation, actions, now, voice, isOperator }: InactiveProps) => {
  const text = bedText(voice.language);
  const { what, kind, by, until } = inactivation;
  const words = [voice.text.inactivations[what], kind === null ? '' : kindText(kind, voice)];
  const { nowMs } = now.value;
  return (
    <li>
      <InactivationSign what={what} />
      <strong>{words.filter(Boolean).join(': ')}</strong>
      {until !== null && nowMs !== undefined && <span class="bed-left">{voice.countdown(until - nowMs)}</span>}
      <small>{text.byPerson(by)}</small>
      {isOperator && (
        <button type="button" onClick={() => actions.end(inactivation)}>
          {what === 'alarm-off' ? text.switchOn : text.endIt}
        </button>
      )}
    </li>
  );
};
