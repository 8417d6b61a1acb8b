import type { KnownAlarm } from '#contracts/http/alarms.ts';
import { WAVE_IDS, wave } from '#domain/waveforms.ts';
import { alarmText } from '../../parts/alarm-text.ts';
import { TimeField } from '../../parts/time-field.tsx';
import { dayAndTime } from '../../parts/when.ts';
import type { Voice } from '../../shell/text/language.ts';
import { bedText } from '../text/language.ts';
import { MINUTE_MS } from './minutes.tsx';
import type { Page } from './page.ts';

const PAGE_MINUTES = [5, 10, 30] as const;

type Props = { readonly page: Page; readonly alarms: readonly KnownAlarm[]; readonly voice: Voice };

/** Which minutes of which signal are to be shown. */
export const Choice = ({ page, alarms, voice }: Props) => {
  const text = bedText(voice.language);
  const { atMs, openedAtMs, fromMs, toMs, minutes, signal, go } = page;
  const turn = (pages: number): void => go(fromMs + MINUTE_MS + pages * minutes.value * MINUTE_MS, true);
  return (
    <>
      <label>
        {text.signal}{' '}
        <select
          value={signal.value}
          onChange={({ currentTarget }) => {
            signal.value = WAVE_IDS.find((id) => id === currentTarget.value) ?? 'ecg-ii';
          }}
        >
          {WAVE_IDS.map((id) => (
            <option key={id} value={id}>
              {wave(id).label[voice.language]}
            </option>
          ))}
        </select>
      </label>
      <TimeField
        label={text.time}
        value={{ ms: atMs ?? fromMs + MINUTE_MS }}
        onValue={(value) => typeof value === 'object' && go(value.ms, true)}
        voice={voice}
      />
      <button type="button" onClick={() => turn(-1)}>
        {text.earlier}
      </button>
      <button type="button" disabled={toMs > openedAtMs} onClick={() => turn(1)}>
        {text.later}
      </button>
      <label>
        {text.pageLength}{' '}
        <select
          value={minutes.value}
          onChange={({ currentTarget }) => {
            minutes.value = Number(currentTarget.value);
          }}
        >
          {PAGE_MINUTES.map((each) => (
            <option key={each} value={each}>
              {text.minutes(voice.number(each, 0))}
            </option>
          ))}
        </select>
      </label>
      <Jump {...{ page, alarms, voice }} />
    </>
  );
};

/** Goes to where an alarm was decided. */
const Jump = ({ page, alarms, voice }: Props) => {
  const text = bedText(voice.language);
  return (
    <label>
      {text.jumpTo}{' '}
      <select
        class="bed-jump"
        value=""
        onChange={({ currentTarget }) => {
          const alarm = alarms.find(({ id }) => id === currentTarget.value);
          if (alarm) page.go(alarm.decidedAt);
        }}
      >
        <option value="">{text.chooseAlarm}</option>
        {alarms.map((alarm) => (
          <option key={alarm.id} value={alarm.id}>
            {`${dayAndTime(alarm.decidedAt, voice)} ${alarmText(alarm, voice)} (${voice.text.priorities[alarm.priority]})`}
          </option>
        ))}
      </select>
    </label>
  );
};
