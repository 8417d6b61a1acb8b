import type { Stored } from '../../ingest/session.ts';
import type { SentEntries } from './entries.ts';

/** What the thread that writes is asked. One session is open at a time, and what is written and settled is by that one. */
export type StoreQuestions = {
  /** Opens a session, which ends when nobody waits for it any more. A second item: its connection broke. */
  readonly session: { readonly input: { readonly journalId: string }; readonly item: 'opened' | 'broken' };
  /** Answered when the thread is there. */
  readonly ready: { readonly input: null; readonly item: 'ready' };
  readonly write: { readonly input: SentEntries; readonly item: Stored };
  readonly settle: { readonly input: null; readonly item: 'settled' };
};
