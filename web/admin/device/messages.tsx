import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { MessageFate } from '#contracts/http/message-fate.ts';
import { partsText } from '../../parts/text/language.ts';
import { timeNear } from '../../parts/when.ts';
import type { Voice } from '../../shell/text/language.ts';
import { fateWords } from './fate-words.ts';
import { createFeed, type Feed, feedPath } from './feed.ts';
import type { DeviceText } from './text/en.ts';

/** Each message of the device as it comes, with what becomes of it. Only operators are told. */

type Props = { readonly device: string; readonly voice: Voice; readonly text: DeviceText };

const Fate = ({ fate, voice, text }: { fate: MessageFate; voice: Voice; text: DeviceText }) => {
  const { outcome, entries, faults, isFaulty } = fateWords(fate, text, voice);
  const { channel, topic, bytes, qos } = fate;
  return (
    <li class={isFaulty ? 'admin-device-fate admin-device-faulty' : 'admin-device-fate'}>
      <span class="admin-device-when">{timeNear(fate.at, fate.at, voice)}</span>
      <span class="admin-device-of">
        {channel === null ? `${text.otherTopic}: ${topic}` : text.channels[channel]} · {text.size(String(bytes))}
        {qos !== null && ` · ${text.qos(String(qos))}`}
        {qos === 0 && <small>{text.qosHint}</small>}
      </span>
      <span class="admin-device-what">
        <strong>{outcome}</strong>
        {entries.length > 0 && <span>{entries.join(' · ')}</span>}
        {faults.map((fault) => (
          <span key={fault} class="admin-device-fault">
            {fault}
          </span>
        ))}
      </span>
    </li>
  );
};

const Controls = ({ feed, text }: { feed: Feed; text: DeviceText }) => {
  const held = feed.held.value;
  const waves = feed.waves.value;
  return (
    <div class="parts-buttons">
      <button type="button" aria-pressed={held !== undefined} onClick={feed.togglePause}>
        {held === undefined ? text.pause : text.resume}
      </button>
      <button type="button" aria-pressed={waves === undefined} onClick={feed.toggleWaves}>
        {text.channels.waves}
      </button>
      <button type="button" onClick={feed.clear}>
        {text.clear}
      </button>
      {waves !== undefined && waves > 0 && <span class="parts-dim">{text.wavesCounted(String(waves))}</span>}
      <span role="status">{held !== undefined && text.paused(String(held))}</span>
    </div>
  );
};

const STATE_TEXT = { opening: 'sendsOpening', lost: 'sendsLost', refused: 'sendsRefused' } as const;

const State = ({ feed, voice, text }: { feed: Feed; voice: Voice; text: DeviceText }) => {
  const state = feed.state.value;
  if (state === 'open') return feed.told.value.length === 0 ? <p>{text.sendsWaiting}</p> : null;
  return (
    <p class={state === 'opening' ? '' : 'admin-note'} role="status">
      {text[STATE_TEXT[state]]}{' '}
      {state === 'refused' && (
        <button type="button" onClick={feed.open}>
          {partsText(voice.language).tryAgain}
        </button>
      )}
    </p>
  );
};

export const Messages = ({ device, voice, text }: Props) => {
  const made = useSignal<Feed | undefined>(undefined);
  useEffect(() => {
    const feed = createFeed(() => new EventSource(feedPath(device)));
    made.value = feed;
    feed.open();
    return feed.close;
  }, [device, made]);
  const feed = made.value;
  if (!feed) return null;
  return (
    <>
      <p class="parts-dim">{text.sendsHelp}</p>
      <Controls feed={feed} text={text} />
      <State feed={feed} voice={voice} text={text} />
      <ol class="admin-device-fates" aria-label={text.sends}>
        {feed.told.value.map(({ key, event }) =>
          event.type === 'message' ? (
            <Fate key={key} fate={event.fate} voice={voice} text={text} />
          ) : (
            <li key={key} class="admin-device-fate">
              {text.skipped(String(event.count))}
            </li>
          ),
        )}
      </ol>
    </>
  );
};
