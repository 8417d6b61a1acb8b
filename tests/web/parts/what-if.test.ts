import { expect, it } from 'vitest';
import { linesOf } from '../../../web/parts/what-if.ts';

const streamOf = (...parts: readonly Uint8Array[]): ReadableStream<Uint8Array> =>
  new ReadableStream({
    start(controller) {
      for (const part of parts) controller.enqueue(part);
      controller.close();
    },
  });

it('lines come whole, wherever the bytes were cut', async () => {
  const bytes = new TextEncoder().encode('{"bed":"重症 1"}\n{"done":1}\nrest');
  const cut = 10;
  const lines: string[] = [];
  for await (const line of linesOf(streamOf(bytes.slice(0, cut), bytes.slice(cut, cut + 9), bytes.slice(cut + 9)))) {
    lines.push(line);
  }
  expect(lines).toEqual(['{"bed":"重症 1"}', '{"done":1}', 'rest']);
});
