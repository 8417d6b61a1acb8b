import type { Wall } from '../../wall/wall.ts';
import type { Controls } from '../controls.ts';
import type { Voice } from '../text/language.ts';

type Props = { readonly wall: Wall; readonly controls: Controls; readonly voice: Voice };

/** What the buttons would act on, or what has come of it. */
const Answer = ({ wall, controls, voice }: Props) => {
  const { text } = voice;
  const notice = controls.notice.value;
  if (notice) return <p class={`answer answer-${notice.tone}`}>{text[notice.text]}</p>;
  const selected = controls.selection.value;
  if (!selected) return <p class="answer">{text.chooseAlarm}</p>;
  if (selected.kind === 'bed') {
    const bed = wall.board.beds.value.find(({ id }) => id === selected.id);
    return <p class="answer answer-chosen">{bed?.head.value.label}</p>;
  }
  const item = wall.board.banner.value.items.find(({ id }) => id === selected.id);
  return <p class="answer answer-chosen">{[item?.place, item?.text].join(' · ')}</p>;
};

/** What an operator can do about the chosen alarm or bed. */
export const Actions = (props: Props) => {
  const { controls, voice } = props;
  const { text } = voice;
  return (
    <div class="actions">
      <div class="verbs">
        <button type="button" aria-keyshortcuts="a" onClick={controls.acknowledge}>
          {text.acknowledge} <kbd>A</kbd>
        </button>
        <button type="button" aria-keyshortcuts="p" onClick={controls.pauseAudio}>
          {text.pauseAudio} <kbd>P</kbd>
        </button>
        <button type="button" aria-keyshortcuts="r" onClick={controls.reset}>
          {text.reset} <kbd>R</kbd>
        </button>
      </div>
      <div role="status">
        <Answer {...props} />
      </div>
    </div>
  );
};
