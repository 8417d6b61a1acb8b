import '../parts/controls.css';
import '../parts/parts.css';
import './access.css';

import { useSignal } from '@preact/signals';
import { z } from 'zod';
import { KnownSession } from '#contracts/http/sessions.ts';
import { useAsked } from '../parts/asked.ts';
import { Refused } from '../parts/refused.tsx';
import { partsText } from '../parts/text/language.ts';
import type { PageProps } from '../shell/page.ts';
import type { Voice } from '../shell/text/language.ts';
import { EndDialog, type Ending } from './end.tsx';
import { accessText } from './text/language.ts';

type RowProps = {
  readonly session: KnownSession;
  /** This name is signed in more than once. */
  readonly isOneOfMany: boolean;
  readonly voice: Voice;
  readonly nowMs: number;
  readonly onEnd: (ending: Ending) => void;
};

const SessionRow = ({ session, isOneOfMany, voice, nowMs, onEnd }: RowProps) => {
  const text = accessText(voice.language);
  const { name, role, door, address, open, lastUsedAt, expiresAt, isOwn } = session;
  const until = new Intl.DateTimeFormat(voice.locale, { dateStyle: 'medium', timeStyle: 'short' }).format(expiresAt);
  return (
    <li class="access-row">
      <span class="access-name">
        {name} {isOwn && <strong class="access-own">{text.own}</strong>}
        <span class="parts-dim">{text.roles[role]}</span>
      </span>
      <span>{text.from(text.doors[door], address)}</span>
      <span>
        {open > 0 ? text.inUse(voice.number(open, 0)) : text.lastUsed(voice.age(Math.max(0, nowMs - lastUsedAt)))}
        <span class="parts-dim">{text.until(until)}</span>
      </span>
      <span class="access-verbs">
        <button type="button" aria-label={`${text.end}: ${name}`} onClick={() => onEnd({ kind: 'one', session })}>
          {text.end}
        </button>
        {isOneOfMany && (
          <button type="button" onClick={() => onEnd({ kind: 'all-of', name })}>
            {text.endAllOf(name)}
          </button>
        )}
      </span>
    </li>
  );
};

/** The first row of each name that has several. */
export const firstOfMany = (sessions: readonly KnownSession[]): ReadonlySet<string> => {
  const first = new Map<string, string>();
  const many = new Set<string>();
  for (const { id, name } of sessions) {
    const before = first.get(name);
    if (before === undefined) first.set(name, id);
    else many.add(before);
  }
  return many;
};

const SessionList = ({
  sessions,
  ...row
}: Omit<RowProps, 'session' | 'isOneOfMany'> & { sessions: readonly KnownSession[] }) => {
  const many = firstOfMany(sessions);
  return (
    <ul class="access-list">
      {sessions.map((session) => (
        <SessionRow key={session.id} {...row} session={session} isOneOfMany={many.has(session.id)} />
      ))}
    </ul>
  );
};

/** Who is signed in by what, and the means to end it. */
export const SessionsPage = ({ wall, voice, server }: PageProps) => {
  const text = accessText(voice.language);
  const ending = useSignal<Ending | undefined>(undefined);
  const done = useSignal('');
  const isOperator = wall.isOperator.value;
  const { asked, again } = useAsked('sessions', (signal) => server.get(z.array(KnownSession), 'sessions', {}, signal));
  const { value: sessions, refusal } = asked.value;
  const isForbidden = refusal?.reason === 'forbidden';
  const open = (next: Ending): void => {
    done.value = '';
    ending.value = next;
  };
  return (
    <main class="page access">
      <h2 class="parts-title">{text.title}</h2>
      <p>{isForbidden ? text.readOnly : text.help}</p>
      {!isForbidden && <Refused refusal={refusal} voice={voice} onAgain={again} />}
      <p role="status">{done.value}</p>
      <div class="access-verbs">
        <button type="button" onClick={() => open({ kind: 'sign-out' })}>
          {text.signOut}
        </button>
        <button type="button" onClick={again}>
          {text.refresh}
        </button>
        {isOperator && (
          <button type="button" onClick={() => open({ kind: 'others' })}>
            {text.endOthers}
          </button>
        )}
      </div>
      {sessions && <SessionList sessions={sessions} voice={voice} nowMs={wall.closeUp.now()} onEnd={open} />}
      {!sessions && !refusal && <p>{partsText(voice.language).loading}</p>}
      {ending.value && (
        <EndDialog
          ending={ending.value}
          server={server}
          voice={voice}
          onDone={(count) => {
            ending.value = undefined;
            done.value = text.done(voice.number(count, 0));
            again();
          }}
          onClose={() => {
            ending.value = undefined;
          }}
        />
      )}
    </main>
  );
};
