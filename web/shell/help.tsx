import type { Controls } from './controls.ts';
import type { Text } from './text/en.ts';
import type { Voice } from './text/language.ts';

type Line = {
  readonly keys: (text: Text) => string;
  readonly does: (text: Text) => string;
  readonly isForOperators?: true;
};

const LINES: readonly Line[] = [
  { keys: ({ keyNames }) => keyNames.arrows, does: (text) => text.keyChoose, isForOperators: true },
  { keys: () => 'A', does: (text) => text.acknowledge, isForOperators: true },
  { keys: () => 'P', does: (text) => text.pauseAudio, isForOperators: true },
  { keys: () => 'R', does: (text) => text.reset, isForOperators: true },
  { keys: ({ keyNames }) => keyNames.enter, does: (text) => text.keyOpen, isForOperators: true },
  { keys: ({ keyNames }) => keyNames.escape, does: (text) => text.keyLeave },
  { keys: () => 'S', does: (text) => `${text.soundOn} / ${text.soundOff}` },
  { keys: ({ keyNames }) => keyNames.pages, does: (text) => text.keyPages },
  { keys: () => 'M', does: (text) => text.keyAll },
  { keys: () => 'H', does: (text) => text.keyHold },
  { keys: () => 'N', does: (text) => text.keyNight },
  { keys: () => 'I', does: (text) => text.keyInitials },
  { keys: () => 'L', does: (text) => text.keyLanguage },
  { keys: () => 'F', does: (text) => text.fullScreen },
  { keys: ({ keyNames }) => keyNames.tab, does: (text) => text.keyTab },
  { keys: () => '?', does: (text) => text.keyHelp },
];

/** Every key, in a corner: what is behind it goes on being watched. */
export const Help = ({ controls, voice: { text } }: { controls: Controls; voice: Voice }) => (
  <aside class="help" aria-label={text.help}>
    <dl>
      {LINES.filter(({ isForOperators }) => !isForOperators || controls.isOperator.value).map(({ keys, does }) => (
        <div key={keys(text)}>
          <dt>
            <kbd>{keys(text)}</kbd>
          </dt>
          <dd>{does(text)}</dd>
        </div>
      ))}
    </dl>
    <p>{controls.isAwake.value ? text.awake : text.notAwake}</p>
  </aside>
);
