import { useSignal } from '@preact/signals';
import { EndedSessions, type KnownSession } from '#contracts/http/sessions.ts';
import { Dialog } from '../parts/dialog.tsx';
import { Refused } from '../parts/refused.tsx';
import { partsText } from '../parts/text/language.ts';
import type { Refusal } from '../shell/refusal.ts';
import type { Answer, Server } from '../shell/server.ts';
import type { Voice } from '../shell/text/language.ts';
import type { AccessText } from './text/en.ts';
import { accessText } from './text/language.ts';

/** What is about to be ended, once a person has confirmed it. */
export type Ending =
  | { readonly kind: 'one'; readonly session: KnownSession }
  | { readonly kind: 'all-of'; readonly name: string }
  | { readonly kind: 'others' }
  | { readonly kind: 'sign-out' };

export const questionOf = (ending: Ending, text: AccessText): { readonly title: string; readonly help: string } => {
  if (ending.kind === 'all-of') return { title: text.endAllTitle(ending.name), help: text.endAllHelp };
  if (ending.kind === 'others') return { title: text.endOthersTitle, help: text.endOthersHelp };
  if (ending.kind === 'sign-out') return { title: text.signOutTitle, help: text.signOutHelp };
  const { name, isOwn } = ending.session;
  return { title: text.endTitle(name), help: isOwn ? text.endOwnHelp : text.endHelp };
};

/** How many were ended. */
const carryOut = async (server: Server, ending: Ending): Promise<Answer<number>> => {
  if (ending.kind === 'one' || ending.kind === 'sign-out') {
    const path = ending.kind === 'one' ? `sessions/${encodeURIComponent(ending.session.id)}` : 'session';
    const answer = await server.send('DELETE', path);
    return answer.isOk ? { isOk: true, value: 1 } : answer;
  }
  const of = ending.kind === 'all-of' ? `?${new URLSearchParams({ name: ending.name })}` : '';
  const answer = await server.send('DELETE', `sessions${of}`, undefined, EndedSessions);
  return answer.isOk ? { isOk: true, value: answer.value.ended } : answer;
};

export const EndDialog = ({
  ending,
  server,
  voice,
  onDone,
  onClose,
}: {
  ending: Ending;
  server: Server;
  voice: Voice;
  onDone: (count: number) => void;
  onClose: () => void;
}) => {
  const text = accessText(voice.language);
  const isBusy = useSignal(false);
  const refusal = useSignal<Refusal | undefined>(undefined);
  const { title, help } = questionOf(ending, text);

  const end = async (): Promise<void> => {
    if (isBusy.peek()) return;
    isBusy.value = true;
    const answer = await carryOut(server, ending);
    isBusy.value = false;
    if (answer.isOk) onDone(answer.value);
    else refusal.value = answer;
  };

  return (
    <Dialog title={title} onClose={onClose}>
      <p>{help}</p>
      <Refused
        refusal={refusal.value}
        words={refusal.value?.reason === 'away' ? text.refused : undefined}
        voice={voice}
      />
      <div class="parts-buttons">
        <button type="button" class="parts-main" disabled={isBusy.value} onClick={end}>
          {isBusy.value ? text.ending : ending.kind === 'sign-out' ? text.signOut : text.end}
        </button>
        <button type="button" onClick={onClose}>
          {partsText(voice.language).cancel}
        </button>
      </div>
    </Dialog>
  );
};
