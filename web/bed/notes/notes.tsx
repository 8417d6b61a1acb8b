import './notes.css';

import { useSignal } from '@preact/signals';
import { useMemo } from 'preact/hooks';
import { z } from 'zod';
import { Annotation } from '#contracts/http/annotations.ts';
import { useAsked } from '../../parts/asked.ts';
import { into } from '../../parts/form.tsx';
import { Refused } from '../../parts/refused.tsx';
import { partsText } from '../../parts/text/language.ts';
import { TimeField, type TimeValue } from '../../parts/time-field.tsx';
import { dayAndTime } from '../../parts/when.ts';
import type { Refusal } from '../../shell/refusal.ts';
import type { Answer } from '../../shell/server.ts';
import type { PageContext } from '../context.ts';
import { bedPath, iso } from '../paths.ts';
import { bedText } from '../text/language.ts';

const WEEK_MS = 7 * 86_400_000;

/** A little ahead of the present, so that a note just written is in it. */
const AHEAD_MS = 3_600_000;

/** What people wrote about times at this bed. Nothing is changed: a note is taken back, and stays in sight. */
export const NotesView = (context: PageContext) => {
  const { bed, stationNow, isOperator, voice, router, server } = context;
  const text = bedText(voice.language);
  const openedAtMs = useMemo(stationNow, [stationNow]);
  const range = { from: iso(openedAtMs - WEEK_MS), to: iso(openedAtMs + AHEAD_MS) };
  const { asked, again } = useAsked(bed, (signal) =>
    server.get(z.array(Annotation), bedPath(bed, 'annotations'), range, signal),
  );
  const outcome = useSignal<{ words: string; refusal: Refusal | undefined }>({ words: '', refusal: undefined });
  const after = async (answer: Answer<unknown>, words: string): Promise<boolean> => {
    outcome.value = answer.isOk ? { words, refusal: undefined } : { words: '', refusal: answer };
    again();
    return answer.isOk;
  };
  const { value, refusal, isLoading } = asked.value;
  return (
    <div class="bed-notes">
      <h3>{text.notesTitle}</h3>
      {isOperator && (
        <NewNote
          {...context}
          atMs={openedAtMs}
          onAdd={async (note) => after(await server.send('POST', bedPath(bed, 'annotations'), note), text.noteAdded)}
        />
      )}
      <span role="status">{isLoading && !value ? partsText(voice.language).loading : outcome.value.words}</span>
      <Refused refusal={outcome.value.refusal} voice={voice} />
      <Refused refusal={refusal} voice={voice} onAgain={again} />
      {value?.length === 0 && <p class="parts-dim bed-nothing">{text.noNotes}</p>}
      <ol class="bed-note-list">
        {value?.toReversed().map((note) => (
          <Note
            key={note.id}
            note={note}
            {...context}
            onLook={() => router.go({ page: 'bed', bed }, { view: 'recording', at: String(note.at) })}
            onRetract={async () =>
              after(await server.send('DELETE', bedPath(bed, `annotations/${note.id}`)), text.noteRetracted)
            }
          />
        ))}
      </ol>
    </div>
  );
};

type NoteProps = PageContext & {
  readonly note: Annotation;
  readonly onLook: () => void;
  readonly onRetract: () => void;
};

const Note = ({ note, isOperator, voice, onLook, onRetract }: NoteProps) => {
  const text = bedText(voice.language);
  const { at, until, author, retractedAt, retractedBy } = note;
  const when = [at, until].filter((ms) => ms !== null).map((ms) => dayAndTime(ms, voice));
  return (
    <li>
      <button type="button" onClick={onLook}>
        {when.join(' – ')}
      </button>
      {retractedAt === null ? <strong>{note.text}</strong> : <s>{note.text}</s>}
      <small>{text.byPerson(author)}</small>
      {retractedAt !== null && (
        <small>{text.retracted(retractedBy ?? text.notKnown, dayAndTime(retractedAt, voice))}</small>
      )}
      {isOperator && retractedAt === null && (
        <button type="button" class="parts-small" onClick={onRetract}>
          {text.retract}
        </button>
      )}
    </li>
  );
};

type NewNote = { readonly at: string; readonly until: string | null; readonly text: string };
type NewNoteProps = PageContext & { readonly atMs: number; readonly onAdd: (note: NewNote) => Promise<boolean> };

const NewNote = ({ atMs, onAdd, voice }: NewNoteProps) => {
  const text = bedText(voice.language);
  const words = useSignal('');
  const at = useSignal<TimeValue>({ ms: atMs });
  const until = useSignal<TimeValue>('empty');
  const fromMs = typeof at.value === 'object' ? at.value.ms : undefined;
  const untilMs = typeof until.value === 'object' ? until.value.ms : until.value === 'empty' ? null : undefined;
  const isSound = fromMs !== undefined && untilMs !== undefined && (untilMs === null || untilMs > fromMs);
  const add = async (): Promise<void> => {
    if (!isSound || fromMs === undefined) return;
    const note = { at: iso(fromMs), until: untilMs === null ? null : iso(untilMs), text: words.peek().trim() };
    if (await onAdd(note)) words.value = '';
  };
  return (
    <form
      class="parts-buttons"
      onSubmit={(event) => {
        event.preventDefault();
        void add();
      }}
    >
      <label class="parts-field parts-wide">
        {text.noteText}
        <input
          maxLength={2_000}
          value={words.value}
          onInput={({ currentTarget }) => {
            words.value = currentTarget.value;
          }}
        />
      </label>
      <TimeField className="parts-field" label={text.noteAt} value={at.value} onValue={into(at)} voice={voice} />
      <TimeField
        className="parts-field"
        label={text.noteUntil}
        value={until.value}
        onValue={into(until)}
        voice={voice}
      />
      <button type="submit" disabled={!isSound || words.value.trim() === ''}>
        {text.addNote}
      </button>
    </form>
  );
};
