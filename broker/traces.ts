import type { Client } from 'aedes';
import type { RefusalReason } from '#contracts/http/refusals.ts';
import { linkOf } from './links.ts';
import type { Refusals } from './refusals.ts';

/** Notes what happened to a connection, with the name and the address that it came with. */
export type Note = (client: Client, reason: RefusalReason, detail: string) => void;

export const createNote =
  (refusals: Refusals): Note =>
  (client, reason, detail) => {
    const { name, address } = linkOf(client);
    refusals.note({ reason, name, address, detail });
  };

/** The same for why a connection is closed: of several reasons only the first is one. */
export const createNoteOnce =
  (note: Note): Note =>
  (client, reason, detail) => {
    const link = linkOf(client);
    if (!link.isNoted) note(client, reason, detail);
    link.isNoted = true;
  };
