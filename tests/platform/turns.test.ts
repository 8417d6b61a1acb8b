import { expect, test } from 'vitest';
import { systemClock } from '#platform/clock.ts';
import { createTurns, type Turns, TurnsTakenError } from '#platform/turns.ts';

const nobodyLeaves = new AbortController().signal;

/** Work that ends when it is told to, and tells that it has begun. */
const createWork = (begun: string[], name: string) => {
  let end: () => void = () => undefined;
  const ended = new Promise<void>((resolve) => {
    end = resolve;
  });
  return {
    end,
    async run() {
      begun.push(name);
      await ended;
      return name;
    },
  };
};

test('so many work at once; of those who have had the same, the rest waits in the order of asking', async () => {
  const turns = createTurns({ atOnce: 2, mostInside: 10, clock: { ...systemClock, elapsed: () => 0 } });
  const begun: string[] = [];
  const works = ['a1', 'b1', 'c1', 'd1', 'a2'].map((name) => createWork(begun, name));
  const [a, b, c, d] = [turns.enter(), turns.enter(), turns.enter(), turns.enter()];
  const results = [a, b, c, d, a].map((visit, place) =>
    visit.turn(() => works[place]?.run() ?? Promise.reject(), nobodyLeaves),
  );
  await expect.poll(() => begun).toEqual(['a1', 'b1']);
  expect(turns.counts()).toEqual({ inside: 4, waiting: 3 });
  works[1]?.end();
  await expect.poll(() => begun).toEqual(['a1', 'b1', 'c1']);
  for (const { end } of works) end();
  expect(await Promise.all(results)).toEqual(['a1', 'b1', 'c1', 'd1', 'a2']);
  expect(begun).toEqual(['a1', 'b1', 'c1', 'd1', 'a2']);
  expect(turns.counts()).toEqual({ inside: 4, waiting: 0 });
});

/** Takes so many turns of so long, one after another. */
const takeTurns = async (turns: Turns, { name, turnMs, count, took, pass }: Course): Promise<void> => {
  const visit = turns.enter();
  for (let turn = 0; turn < count; turn++) {
    await visit.turn(async () => {
      took.push(name);
      pass(turnMs);
    }, nobodyLeaves);
  }
  visit.leave();
};

type Course = {
  readonly name: string;
  readonly turnMs: number;
  readonly count: number;
  readonly took: string[];
  readonly pass: (ms: number) => void;
};

test('time is shared and not turns: between two long turns of a giant there are many short ones of another', async () => {
  let now = 0;
  const pass = (ms: number) => {
    now += ms;
  };
  const turns = createTurns({ atOnce: 1, mostInside: 10, clock: { ...systemClock, elapsed: () => now } });
  const took: string[] = [];
  await Promise.all([
    takeTurns(turns, { name: 'giant', turnMs: 1_000, count: 5, took, pass }),
    takeTurns(turns, { name: 'small', turnMs: 100, count: 20, took, pass }),
  ]);
  const [first, second, third] = took.flatMap((name, place) => (name === 'giant' ? [place] : []));
  expect(first).toBe(0);
  expect((second ?? 0) - 1).toBe(10);
  expect((third ?? 0) - (second ?? 0) - 1).toBe(10);
});

test('who did not ask for long does not get all that he has missed', async () => {
  let now = 0;
  const pass = (ms: number) => {
    now += ms;
  };
  const turns = createTurns({ atOnce: 1, mostInside: 10, clock: { ...systemClock, elapsed: () => now } });
  const took: string[] = [];
  const idle = turns.enter();
  await takeTurns(turns, { name: 'busy', turnMs: 1_000, count: 60, took, pass });
  const late = async () => {
    for (let turn = 0; turn < 40; turn++) {
      await idle.turn(async () => {
        took.push('late');
        pass(1_000);
      }, nobodyLeaves);
    }
  };
  await Promise.all([takeTurns(turns, { name: 'busy', turnMs: 1_000, count: 2, took, pass }), late()]);
  expect(took.lastIndexOf('busy') - 60).toBeLessThan(10);
});

test('newcomers do not keep a giant from its end', async () => {
  let now = 0;
  const pass = (ms: number) => {
    now += ms;
  };
  const turns = createTurns({ atOnce: 1, mostInside: 10, clock: { ...systemClock, elapsed: () => now } });
  const took: string[] = [];
  const giant = takeTurns(turns, { name: 'giant', turnMs: 100, count: 50, took, pass });
  const newcomers = async () => {
    for (let come = 0; come < 100; come++) {
      await takeTurns(turns, { name: 'newcomer', turnMs: 100, count: 1, took, pass });
    }
  };
  await Promise.all([giant, newcomers(), newcomers()]);
  // A third of the time is its own.
  expect(took.lastIndexOf('giant')).toBeLessThan(3 * 50 + 5);
});

test('after a turn its place stays empty for as long as is told, and then the next begins', async () => {
  let now = 0;
  const rests: { readonly ms: number; readonly over: () => void }[] = [];
  const after = (ms: number, over: () => void) => {
    rests.push({ ms, over });
    return () => undefined;
  };
  const turns = createTurns({
    atOnce: 1,
    mostInside: 2,
    restAfterMs: (tookMs) => 4 * tookMs,
    clock: { elapsed: () => now, after },
  });
  const begun: string[] = [];
  const first = turns.enter().turn(async () => {
    now += 25;
  }, nobodyLeaves);
  const second = turns.enter().turn(async () => begun.push('second'), nobodyLeaves);
  await first;
  expect(rests.map(({ ms }) => ms)).toEqual([100]);
  expect(begun).toEqual([]);
  rests[0]?.over();
  await second;
  expect(begun).toEqual(['second']);
});

test('work that fails gives its place to the next', async () => {
  const turns = createTurns({ atOnce: 1, mostInside: 2 });
  const failing = turns.enter().turn(() => Promise.reject(new Error('broken')), nobodyLeaves);
  const next = turns.enter().turn(async () => 'done', nobodyLeaves);
  await expect(failing).rejects.toThrow('broken');
  expect(await next).toBe('done');
});

test('who leaves while he waits frees his place in the line, and takes no turn', async () => {
  const turns = createTurns({ atOnce: 1, mostInside: 4 });
  const begun: string[] = [];
  const [first, left, last] = ['first', 'left', 'last'].map((name) => createWork(begun, name));
  if (!first || !left || !last) throw new Error('three works were made');
  const leaving = new AbortController();
  const results = [
    turns.enter().turn(first.run, nobodyLeaves),
    turns.enter().turn(left.run, leaving.signal),
    turns.enter().turn(last.run, nobodyLeaves),
  ];
  leaving.abort(new Error('left'));
  await expect(results[1]).rejects.toThrow('left');
  expect(turns.counts().waiting).toBe(1);
  first.end();
  last.end();
  await Promise.all([results[0], results[2]]);
  expect(begun).toEqual(['first', 'last']);
  await expect(turns.enter().turn(first.run, leaving.signal)).rejects.toThrow();
});

test('more than may be inside are refused at once, until one leaves; leaving twice makes one place', () => {
  const turns = createTurns({ atOnce: 1, mostInside: 2 });
  const first = turns.enter();
  turns.enter();
  expect(() => turns.enter()).toThrow(TurnsTakenError);
  first.leave();
  first.leave();
  turns.enter();
  expect(() => turns.enter()).toThrow(TurnsTakenError);
});
