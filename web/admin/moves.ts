import { z } from 'zod';
import type { Refusal } from '../shell/refusal.ts';
import type { Server } from '../shell/server.ts';

/** Who and what is put at which bed, in the steps that the station knows: ending one stay and beginning another. */

export type StayKind = 'encounters' | 'assignments';

/** Stays that must end first, and the one that is to begin, all at one time. */
export type Move = {
  readonly kind: StayKind;
  readonly ends: readonly number[];
  readonly begins:
    | { readonly patient: number; readonly bed: string }
    | { readonly device: string; readonly bed: string }
    | undefined;
  /** When it happens, by the station's clock. */
  readonly atMs: number;
};

/**
 * `refused`: nothing was changed. `undone`: a part was, and has been taken back. `half`: a part was, and could not be
 * taken back. `unknown`: the station did not answer, and may have done any of it.
 */
export type MoveOutcome =
  | { readonly result: 'done' }
  | { readonly result: 'refused' | 'undone' | 'half' | 'unknown'; readonly refusal: Refusal };

const Stays = z.array(z.object({ id: z.int() }));

const IN_THE_WAY: Refusal = { isOk: false, reason: 'conflict', detail: '', faults: [] };

/**
 * Why it cannot be carried out, as far as that is known before anything is changed: ending a stay ends the alarms of
 * its bed, and beginning it again does not bring them back.
 */
const foreseen = async (server: Server, { kind, ends, begins }: Move): Promise<Refusal | undefined> => {
  if (!begins || ends.length === 0) return undefined;
  const { bed, ...guest } = begins;
  // A bed has one patient, and any number of devices.
  for (const query of kind === 'encounters' ? [{ bed }, guest] : [guest]) {
    const open = await server.get(Stays, kind, { ...query, open: 'true' });
    if (!open.isOk) return open;
    if (open.value.some(({ id }) => !ends.includes(id))) return IN_THE_WAY;
  }
  return undefined;
};

const unsure = (refusal: Refusal): boolean => refusal.reason === 'unreachable';

export const carryOut = async (server: Server, move: Move): Promise<MoveOutcome> => {
  const { kind, ends, begins, atMs } = move;
  const at = new Date(atMs).toISOString();
  const ended: number[] = [];

  /** Puts back what was ended, after a refusal. */
  const takeBack = async (refusal: Refusal): Promise<MoveOutcome> => {
    if (ended.length === 0) return { result: unsure(refusal) ? 'unknown' : 'refused', refusal };
    let isBack = true;
    for (const id of ended.toReversed()) {
      const answer = await server.send('PATCH', `${kind}/${id}`, { end: null });
      isBack &&= answer.isOk;
    }
    if (isBack) return { result: 'undone', refusal };
    return { result: unsure(refusal) ? 'unknown' : 'half', refusal };
  };

  const refusal = await foreseen(server, move);
  if (refusal) return { result: 'refused', refusal };
  for (const id of ends) {
    const answer = await server.send('PATCH', `${kind}/${id}`, { end: at });
    if (!answer.isOk) return takeBack(answer);
    ended.push(id);
  }
  if (!begins) return { result: 'done' };
  const answer = await server.send('POST', kind, { ...begins, start: at });
  return answer.isOk ? { result: 'done' } : takeBack(answer);
};
