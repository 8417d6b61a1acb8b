import { useSignal } from '@preact/signals';
import { Dialog } from '../parts/dialog.tsx';
import type { Desk } from './desk.ts';

/** What a device signs in with, the one time that anybody sees it. Escape does not lose it. */
export const CredentialsDialog = ({ desk, username, secret }: { desk: Desk; username: string; secret: string }) => {
  const { text, close } = desk;
  const said = useSignal<'copied' | 'copyFailed' | undefined>(undefined);
  const copy = (): void => {
    // Only over HTTPS or on this machine is there a clipboard at all.
    const written = navigator.clipboard?.writeText(secret) ?? Promise.reject(new Error('no clipboard'));
    written.then(
      () => {
        said.value = 'copied';
      },
      () => {
        said.value = 'copyFailed';
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
      <p role="status">{said.value && text[said.value]}</p>
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
