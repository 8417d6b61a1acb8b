import { useSignal } from '@preact/signals';
import { useId } from 'preact/hooks';
import type { DeviceText } from '../device/text/en.ts';

/** A text with a button that copies it. Where the browser lets no page copy, the text is marked for the keys. */

const mark = (id: string): void => {
  const text = document.getElementById(id);
  if (text) getSelection()?.selectAllChildren(text);
};

/** `name` says what it is, to whoever does not see it. `isBlock`: several lines. */
export const Copied = ({
  name,
  value,
  text,
  isBlock = false,
}: {
  name: string;
  value: string;
  text: DeviceText;
  isBlock?: boolean;
}) => {
  const id = useId();
  const outcome = useSignal<'copied' | 'copyFailed' | undefined>(undefined);
  const copy = (): void => {
    // Only over HTTPS or on this machine is there a clipboard at all.
    const written = navigator.clipboard?.writeText(value) ?? Promise.reject(new Error('no clipboard'));
    written.then(
      () => {
        outcome.value = 'copied';
      },
      () => {
        mark(id);
        outcome.value = 'copyFailed';
      },
    );
  };
  return (
    <span class={isBlock ? 'admin-copied admin-copied-block' : 'admin-copied'}>
      {isBlock ? (
        <pre id={id}>
          <code>{value}</code>
        </pre>
      ) : (
        <code id={id}>{value}</code>
      )}
      <button type="button" aria-label={text.copyOf(name)} onClick={copy}>
        {text.copy}
      </button>
      <small role="status">{outcome.value && text[outcome.value](name)}</small>
    </span>
  );
};
