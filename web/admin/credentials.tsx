import { Dialog } from '../parts/dialog.tsx';
import { Connect } from './connect/connect.tsx';
import { Copied } from './connect/copy.tsx';
import type { Desk } from './desk.ts';
import { deviceText } from './device/text/language.ts';

type Props = {
  readonly desk: Desk;
  readonly username: string;
  readonly secret: string;
  /** undefined: a gateway signs in with it, for devices of any unit. */
  readonly unit?: string | undefined;
};

/** What a device or a gateway signs in with, the one time that anybody sees it. Escape does not lose it. */
export const CredentialsDialog = ({ desk, username, secret, unit }: Props) => {
  const { text, close, server, voice } = desk;
  const ofDevice = deviceText(voice.language);
  return (
    <Dialog title={text.secretTitle(username)} onClose={() => undefined}>
      <p>{text.secretHelp}</p>
      <dl class="admin-secret">
        <dt>{text.username}</dt>
        <dd>
          <Copied name={text.username} value={username} text={ofDevice} />
        </dd>
        <dt>{text.secret}</dt>
        <dd>
          <Copied name={text.secret} value={secret} text={ofDevice} />
        </dd>
      </dl>
      {unit !== undefined && <Connect {...{ server, voice, unit, secret }} device={username} />}
      <div class="parts-buttons admin-secret-end">
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
