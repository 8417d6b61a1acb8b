import { Writable } from 'node:stream';
import { expect, it } from 'vitest';
import { createCorks } from '#platform/corks.ts';

/** A stream that keeps what each of its writes had. */
const createStream = () => {
  const writes: string[][] = [];
  const stream = new Writable({
    decodeStrings: false,
    write(chunk, _encoding, done) {
      writes.push([String(chunk)]);
      done();
    },
    writev(chunks, done) {
      writes.push(chunks.map(({ chunk }) => String(chunk)));
      done();
    },
  });
  return { stream, writes };
};

const nextTurn = () => new Promise((resolve) => setImmediate(resolve));

it('what is written to a stream in a turn is one write, and what comes in the next turn is another', async () => {
  const corks = createCorks(setImmediate);
  const [one, other] = [createStream(), createStream()];
  const write = ({ stream }: typeof one, text: string) => {
    corks.hold(stream);
    stream.write(text);
  };
  write(one, 'a');
  write(other, 'b');
  write(one, 'c');
  expect([one.writes, other.writes]).toEqual([[], []]);
  await nextTurn();
  expect([one.writes, other.writes]).toEqual([[['a', 'c']], [['b']]]);
  write(one, 'd');
  await nextTurn();
  expect(one.writes).toEqual([['a', 'c'], ['d']]);
});

it('a stream that is let go before the end of the turn is held again, and ends with all that was written', async () => {
  const corks = createCorks(setImmediate);
  const { stream, writes } = createStream();
  for (const text of ['a', 'b']) {
    corks.hold(stream);
    stream.write(text);
    stream.uncork();
  }
  corks.hold(stream);
  stream.write('c');
  stream.end();
  await nextTurn();
  expect(writes.flat()).toEqual(['a', 'b', 'c']);
});
