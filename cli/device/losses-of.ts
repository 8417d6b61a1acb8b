import type { Gap } from '#contracts/http/gaps.ts';
import type { Refusal } from '#contracts/http/refusals.ts';
import type { Rejected } from '#contracts/http/rejected.ts';
import type { Happening } from './happening.ts';

/** What is new in lists that the API answers again and again. What is there at first is told too. */

const byTime = (happenings: Happening[]): Happening[] => happenings.sort((a, b) => a.at - b.at);

export const createRefusalNews = (): ((refusals: readonly Refusal[]) => Happening[]) => {
  const told = new Map<string, number>();
  return (refusals) =>
    byTime(
      refusals.flatMap(({ reason, name, address, detail, count, lastAt }): Happening[] => {
        const key = `${reason} ${address} ${name}`;
        const before = told.get(key) ?? 0;
        told.set(key, count);
        // The station counts from 1 again after a restart.
        const more = count < before ? count : count - before;
        return more === 0 ? [] : [{ type: 'refused', at: lastAt, reason, detail, address, count: more }];
      }),
    );
};

/** Entries without an id: equal ones are told apart by their place among their equals. */
const keysOf = (rejected: readonly Rejected[]): string[] => {
  const counts = new Map<string, number>();
  return rejected.map(({ receivedAt, topic, reason, detail }) => {
    const text = JSON.stringify([receivedAt, topic, reason, detail]);
    const count = (counts.get(text) ?? 0) + 1;
    counts.set(text, count);
    return `${count} ${text}`;
  });
};

/** `listed`: how many an answer holds at most, the newest first. What was received before `sinceMs` is passed over. */
export const createRejectedNews = (
  listed: number,
  sinceMs: number,
): ((rejected: readonly Rejected[]) => Happening[]) => {
  let seen: ReadonlySet<string> | undefined;
  return (rejected) => {
    const keys = keysOf(rejected);
    const known = seen;
    const fresh = rejected.filter((entry, index) => entry.receivedAt >= sinceMs && !known?.has(keys[index] ?? ''));
    seen = new Set(keys);
    const told = fresh.map(
      ({ receivedAt: at, reason, detail, topic }): Happening => ({ type: 'rejected', at, reason, detail, topic }),
    );
    const oldest = fresh.at(-1);
    if (oldest && fresh.length === listed) told.push({ type: 'rejected-unlisted', at: oldest.receivedAt });
    return byTime(told);
  };
};

/** A gap that is closed already when it is first seen is nobody's worry. */
export const createGapNews = (): ((gaps: readonly Gap[]) => Happening[]) => {
  const told = new Map<string, string>();
  return (gaps) =>
    byTime(
      gaps.flatMap(({ channel, boot, fromSeq, toSeq, missing, openedAt, closedAt }): Happening[] => {
        const key = `${channel} ${boot} ${fromSeq}`;
        const before = told.get(key);
        const now = closedAt === null ? `${toSeq} ${missing}` : 'closed';
        told.set(key, now);
        if (now === before || (closedAt !== null && before === undefined)) return [];
        const type = closedAt === null ? 'missing' : 'complete';
        return [{ type, at: closedAt ?? openedAt, channel, fromSeq, toSeq, missing }];
      }),
    );
};
