import { once } from 'node:events';
import { expect, test } from 'vitest';
import { releaseAfterEach } from '../support/releases.ts';
import { connectBytes, openBroker, publishBytes } from './support/test-broker.ts';

/** One device at full speed waits for itself. The others do not wait for it. */

const releases = releaseAfterEach();

/** All that is in the journal is flushed together, and until then nobody is acknowledged. */
const FLUSH_MS = 2;
const CONNECTIONS = 16;
const BURST = 1_000;
const MESSAGES = 40;

test('sixteen connections of one device at full speed do not hold up the acknowledgements of another', async () => {
  let waiting: (() => void)[] = [];
  const flush = setInterval(() => {
    const stored = waiting;
    waiting = [];
    for (const store of stored) store();
  }, FLUSH_MS);
  releases.push(() => clearInterval(flush));
  let flooded = 0;
  const station = await openBroker({
    sink: {
      take({ device }, settle) {
        if (device === 'm2') flooded++;
        waiting.push(settle);
      },
    },
  });
  releases.push(station.close);

  const message = publishBytes('ward/v1/icu/m2/vitals', '{"vitals":{"heart-rate":70}}', 1);
  const burst = Buffer.concat(Array.from({ length: BURST }, () => message));
  for (let count = 0; count < CONNECTIONS; count++) {
    const socket = station.dial();
    const send = () => {
      while (socket.write(burst));
    };
    socket.write(connectBytes({ name: 'm2', clientId: `m2:${count}` }));
    // More than a few messages before the answer to CONNECT would end the connection.
    await once(socket, 'data');
    socket.on('drain', send).resume();
    send();
  }

  const honest = await station.join('m1');
  /** How many messages of the flood went before each of ours: of time a busy machine tells nothing. */
  const before: number[] = [];
  for (let count = 0; count < MESSAGES; count++) {
    const floodedAtFirst = flooded;
    await honest.publishAsync('ward/v1/icu/m1/vitals', '{}', { qos: 1 });
    before.push(flooded - floodedAtFirst);
  }
  // It was a flood all the while, with a share that one device never needs.
  expect(flooded).toBeGreaterThan(BURST);
  const worstButOne = before.sort((a, b) => a - b).at(-2);
  expect(worstButOne).toBeLessThan(BURST / 2);
});
