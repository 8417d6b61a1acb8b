import type { Refusal, Server } from '../server.ts';

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
  /** By the station's clock. */
  readonly atMs: number;
};

/**
 * `refused`: nothing was changed. `undone`: a part was, and has been taken back. `half`: a part was, and could not be
 * taken back. `unknown`: the station did not answer, and may have done any of it.
 */
export type MoveOutcome =
  | { readonly result: 'done' }
  | { readonly result: 'refused' | 'undone' | 'half' | 'unknown'; readonly refusal: Refusal };

const unsure = (refusal: Refusal): boolean => refusal.reason === 'unreachable';

export const carryOut = async (server: Server, { kind, ends, begins, atMs }: Move): Promise<MoveOutcome> => {
  const at = new Date(atMs).toISOString();
  const ended: number[] = [];

  /** As it was before, after a refusal. */
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

  for (const id of ends) {
    const answer = await server.send('PATCH', `${kind}/${id}`, { end: at });
    if (!answer.isOk) return takeBack(answer);
    ended.push(id);
  }
  if (!begins) return { result: 'done' };
  const answer = await server.send('POST', kind, { ...begins, start: at });
  return answer.isOk ? { result: 'done' } : takeBack(answer);
};
