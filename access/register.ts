import type { CameFrom, EndIdentities, Identity, KnownIdentity, SignInLink } from '#contracts/ports/identities.ts';
import type { Clock } from '#platform/clock.ts';
import type { VerifiedToken } from '#platform/tokens.ts';
import type { Known, KnownContent } from './known-file.ts';

/** Who is known, who was ended, and who is to be told of it: in memory. */
export type Register = {
  /** Why this token is not let in any more; undefined: it is. */
  readonly refuse: (token: SignInLink) => string | undefined;
  /** Known from now on, if it was not, and used just now. */
  readonly note: (token: VerifiedToken, came: CameFrom) => Identity;
  /** One that is known lasts so much longer from now on. */
  readonly prolong: (id: string, lifetimeMs: number) => void;
  /** Returns how many were ended that were current. */
  readonly end: (which: EndIdentities) => number;
  readonly list: () => readonly KnownIdentity[];
  /** Tells all who wait for the end of something that is over. */
  readonly tellOver: () => void;
  /** What is to be saved. Forgets what has expired. */
  readonly content: () => KnownContent;
};

type RegisterClock = Pick<Clock, 'now' | 'elapsed'>;

/** `lastsUntil` is of the clock that nobody sets. */
type Entry = Known & { lastsUntil: number; readonly waiting: Set<() => void> };

/**
 * What was ended is remembered for longer than it could have lasted, for a clock that was a year ahead must not make it good
 * again when it is set right. So many are remembered beside those that have not expired.
 */
const MAX_ENDED = 1_000;

const isOver = ({ endedAtMs, lastsUntil }: Entry, elapsedMs: number): boolean =>
  endedAtMs !== null || lastsUntil <= elapsedMs;

/** A clock that was put back gives nothing more time than it was issued for. */
const lastsUntil = (
  { issuedAtMs, expiresAtMs }: Pick<Known, 'issuedAtMs' | 'expiresAtMs'>,
  clock: RegisterClock,
): number => clock.elapsed() + Math.min(expiresAtMs - clock.now(), expiresAtMs - issuedAtMs);

const tell = ({ waiting }: Entry): void => {
  const listeners = [...waiting];
  waiting.clear();
  for (const listener of listeners) listener();
};

const toIdentity = (entry: Entry, clock: RegisterClock): Identity => ({
  id: entry.id,
  name: entry.name,
  role: entry.role,
  expiresAtMs: () => entry.expiresAtMs,
  isCurrent: () => !isOver(entry, clock.elapsed()),
  onOver(listener) {
    // One function that is handed in twice is called twice.
    const once = (): void => listener();
    entry.waiting.add(once);
    return () => void entry.waiting.delete(once);
  },
});

const toKnown = ({ waiting: _, lastsUntil: __, ...known }: Entry): Known => known;

const toListed = ({ waiting, endedAtMs: _, lastsUntil: __, ...known }: Entry): KnownIdentity => ({
  ...known,
  open: waiting.size,
});

const isChosen = (which: EndIdentities, { id, name }: Known): boolean => {
  if ('id' in which) return id === which.id;
  return 'name' in which ? name === which.name : id !== which.allBut;
};

const forget = (entries: Map<string, Entry>, elapsedMs: number): void => {
  const expired = [...entries.values()].filter((entry) => entry.lastsUntil <= elapsedMs && entry.waiting.size === 0);
  const ended = expired.filter(({ endedAtMs }) => endedAtMs !== null);
  ended.sort((one, other) => (other.endedAtMs ?? 0) - (one.endedAtMs ?? 0));
  const remembered = new Set(ended.slice(0, MAX_ENDED));
  for (const entry of expired) if (!remembered.has(entry)) entries.delete(entry.id);
};

/** What is not known is judged by when it was issued: at all, and to a name. */
const createIssueBounds = (content: KnownContent, clock: RegisterClock) => {
  const validFromOf = new Map(content.validFromOf.map((of) => [of.name, of.validFromMs]));
  let { validFromMs } = content;
  return {
    validFrom: (name: string): number => Math.max(validFromMs, validFromOf.get(name) ?? 0),
    end(which: EndIdentities): void {
      if ('name' in which) validFromOf.set(which.name, clock.now());
      else if ('allBut' in which) validFromMs = clock.now();
    },
    content: () => ({
      validFromMs,
      validFromOf: Array.from(validFromOf, ([name, fromMs]) => ({ name, validFromMs: fromMs })),
    }),
  };
};

/** Of a token that was not known. */
const newEntry = (token: VerifiedToken, lastCame: CameFrom, clock: RegisterClock): Entry => ({
  ...token,
  lastUsedAtMs: clock.now(),
  lastCame,
  endedAtMs: null,
  lastsUntil: lastsUntil(token, clock),
  waiting: new Set(),
});

export const createRegister = ({ content, clock }: { content: KnownContent; clock: RegisterClock }): Register => {
  const entries = new Map<string, Entry>(
    content.identities.map((known) => [
      known.id,
      { ...known, lastsUntil: lastsUntil(known, clock), waiting: new Set() },
    ]),
  );
  const bounds = createIssueBounds(content, clock);
  const isCurrent = (entry: Entry): boolean => !isOver(entry, clock.elapsed());

  return {
    refuse({ id, name, issuedAtMs }) {
      const entry = entries.get(id);
      if (entry) return entry.endedAtMs === null ? undefined : 'it was ended';
      return issuedAtMs < bounds.validFrom(name) ? 'all that was issued at that time was ended' : undefined;
    },
    note(token, lastCame) {
      const entry = entries.get(token.id) ?? newEntry(token, lastCame, clock);
      entry.lastsUntil = Math.max(entry.lastsUntil, lastsUntil(token, clock));
      entry.expiresAtMs = Math.max(entry.expiresAtMs, token.expiresAtMs);
      entry.lastUsedAtMs = clock.now();
      entry.lastCame = lastCame;
      entries.set(token.id, entry);
      return toIdentity(entry, clock);
    },
    prolong(id, lifetimeMs) {
      const entry = entries.get(id);
      if (!entry) return;
      entry.lastsUntil = Math.max(entry.lastsUntil, clock.elapsed() + lifetimeMs);
      entry.expiresAtMs = Math.max(entry.expiresAtMs, clock.now() + lifetimeMs);
    },
    end(which) {
      bounds.end(which);
      const chosen = [...entries.values()].filter((entry) => entry.endedAtMs === null && isChosen(which, entry));
      const count = chosen.filter(isCurrent).length;
      for (const entry of chosen) entry.endedAtMs = clock.now();
      for (const entry of chosen) tell(entry);
      return count;
    },
    list() {
      const current = [...entries.values()].filter(isCurrent);
      return current.sort((one, other) => other.lastUsedAtMs - one.lastUsedAtMs).map(toListed);
    },
    tellOver() {
      for (const entry of entries.values()) if (entry.waiting.size > 0 && !isCurrent(entry)) tell(entry);
    },
    content() {
      forget(entries, clock.elapsed());
      return { ...bounds.content(), identities: [...entries.values()].map(toKnown) };
    },
  };
};
