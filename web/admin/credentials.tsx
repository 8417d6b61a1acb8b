import { useSignal } from '@preact/signals';
import { Dialog } from '../parts/dialog.tsx';
import type { Desk } from './desk.ts';

/** What a device or a gateway signs in with, the one time that anybody sees it. Escape does not lose it. */
export const CredentialsDialog = ({ desk, username, secret }: { desk: Desk; username: string; secret: string }) => {
  const { text, close } = desk;
  const outcome = useSignal<'copied' | 'copyFailed' | undefined>(undefined);
  const copy = (): void => {
    // Only over HTTPS or on this machine is there a clipboard at all.
    const written = navigator.clipboard?.writeText(secret) ?? Promise.reject(new Error('no clipboard'));
    written.then(
      () => {
        outcome.value = 'copied';
      },
      () => {
        outcome.value = 'copyFailed';
      },
    );
  };
  return (
    <Dialog title={text.secretTitle(username)} onClose={() => undefined}>
      <p>{text.secretHelp}</p>
      <dl class="admin-secret">
        <dt>{text.username}</dt>
        <dd>
          <code>{username}</code>
        </dd>
        <dt>{text.secret}</dt>
        <dd>
          <code>{secret}</code>
        </dd>
      </dl>
      <p role="status">{outcome.value && text[outcome.value]}</p>
      <div class="parts-buttons">
        <button type="button" onClick={copy}>
          {text.copy}
        </button>
        <button type="button" onClick={() => print()}>
          {text.print}
        </button>
        <button type="button" class="parts-main" onClick={close}>
          {text.secretDone}
        </button>
      </div>
    </Dialog>
  );
};
