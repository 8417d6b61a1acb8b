import { afterEach, beforeEach, expect, test } from 'vitest';
import { createThread, type Thread, ThreadEndedError } from '#platform/thread/thread.ts';

type Asked = {
  count: { input: number; item: number };
  forever: { input: null; item: string };
  bytes: { input: number; item: Uint8Array };
  which: { input: null; item: number };
  fail: { input: null; item: string };
  trouble: { input: null; item: string };
  die: { input: null; item: never };
};

class RevivedError extends Error {}

const ENTRY = new URL('./fixtures/thread.ts', import.meta.url);
let counts: Int32Array;
let deaths: Error[];
let troubles: string[];
let thread: Thread<Asked>;
const asking = () => new AbortController();

beforeEach(() => {
  counts = new Int32Array(new SharedArrayBuffer(8));
  deaths = [];
  troubles = [];
  thread = createThread<Asked>({
    entry: ENTRY,
    data: counts.buffer,
    maxHeapMib: 64,
    revive: ({ name, message }) => (name === 'ToldError' ? new RevivedError(message) : undefined),
    onDeath: (error) => deaths.push(error),
    onTrouble: (trouble, { message }) => troubles.push(`${trouble} ${message}`),
  });
});
afterEach(() => thread.stop());

const first = async <Item>(items: AsyncGenerator<Item, void>): Promise<Item | undefined> => {
  for await (const item of items) return item;
  return undefined;
};

test('items come one after another; several answers at once do not mix', async () => {
  const all = async (upTo: number) => {
    const items: number[] = [];
    for await (const item of thread.ask('count', upTo, asking().signal)) items.push(item);
    return items;
  };
  expect(await Promise.all([all(3), all(5)])).toEqual([
    [1, 2, 3],
    [1, 2, 3, 4, 5],
  ]);
});

test('bytes arrive whole, those of their own and those of a pool', async () => {
  const sent: string[] = [];
  for await (const bytes of thread.ask('bytes', 100_000, asking().signal)) {
    sent.push(bytes.length > 100 ? `${bytes.length} of ${bytes[99_999]}` : Buffer.from(bytes).toString());
  }
  expect(sent).toEqual(['100000 of 7', 'of a pool']);
});

test('who stops taking ends the work there; so does who leaves while he waits', async () => {
  expect(await first(thread.ask('count', 1_000, asking().signal))).toBe(1);
  await expect.poll(() => counts[0]).toBe(1);
  const leaving = asking();
  const items = thread.ask('forever', null, leaving.signal);
  await items.next();
  const waiting = items.next();
  leaving.abort(new Error('left'));
  await expect(waiting).rejects.toThrow('left');
  await expect(thread.ask('which', null, leaving.signal).next()).rejects.toThrow('left');
});

test('an error arrives with its fields and its cause, of its class when that is known; the thread goes on', async () => {
  const items = thread.ask('fail', null, asking().signal);
  await items.next();
  const failure = await items.next().catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(RevivedError);
  expect(failure).toMatchObject({ message: 'it failed', cause: { message: 'for a reason' } });
  const unknown = createThread<Asked>({
    entry: ENTRY,
    data: counts.buffer,
    maxHeapMib: 64,
    revive: () => undefined,
    onDeath: () => undefined,
    onTrouble: () => undefined,
  });
  const other = unknown.ask('fail', null, asking().signal);
  await other.next();
  await expect(other.next()).rejects.toMatchObject({ name: 'ToldError', code: '42P01', message: 'it failed' });
  await unknown.stop();
  expect(deaths).toEqual([]);
});

test('a trouble that is of no question is told', async () => {
  expect(await first(thread.ask('trouble', null, asking().signal))).toBe('told');
  expect(troubles).toEqual(['a trouble of no question']);
});

test('when it dies all who wait hear of it, and the next question begins another', async () => {
  const before = await first(thread.ask('which', null, asking().signal));
  const bystander = thread.ask('forever', null, asking().signal);
  await bystander.next();
  const waiting = bystander.next().catch((error: unknown) => error);
  await expect(first(thread.ask('die', null, asking().signal))).rejects.toThrow(ThreadEndedError);
  expect(await waiting).toBeInstanceOf(ThreadEndedError);
  expect(deaths).toMatchObject([{ name: 'ThreadEndedError', cause: { message: 'killed' } }]);
  expect(await first(thread.ask('which', null, asking().signal))).not.toBe(before);
});

test('it begins with the first question; a stop ends it in good order, who waits hears of it, and it is no death', async () => {
  await thread.stop();
  const items = thread.ask('forever', null, asking().signal);
  await items.next();
  const waiting = items.next().catch((error: unknown) => error);
  await thread.stop();
  await thread.stop();
  expect(await waiting).toBeInstanceOf(ThreadEndedError);
  expect(counts[1]).toBe(1);
  expect(deaths).toEqual([]);
});
