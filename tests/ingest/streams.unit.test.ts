import { expect, test } from 'vitest';
import { createStreams, MAX_WATCHED_BOOTS } from '../../ingest/streams.ts';

const key = (boot: string, device = 'm1') => ({ device, channel: 'vitals', boot });
const stream = { lastSeq: 1, gaps: [] };

test('a device that names ever new boots costs no more than a few, and no other device anything', () => {
  const streams = createStreams();
  streams.set(key('b', 'm2'), stream);
  streams.set(key('first'), stream);
  for (let boot = 0; boot < 1_000; boot++) {
    streams.set(key(`boot ${boot}`), stream);
    if (boot % 2 === 0) streams.set(key('first'), stream);
  }
  expect(streams.get(key('first'))).toBe(stream);
  expect(streams.get(key('b', 'm2'))).toBe(stream);
  const watched = Array.from({ length: 1_000 }, (_, boot) => streams.get(key(`boot ${boot}`))).filter(Boolean);
  expect(watched.length).toBe(MAX_WATCHED_BOOTS - 1);
});
