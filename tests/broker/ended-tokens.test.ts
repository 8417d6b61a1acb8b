import { afterEach, expect, it } from 'vitest';
import type { TokenHolder } from '../../broker/identity.ts';
import { eventually } from '../support/eventually.ts';
import { openBroker, type TestBroker } from './support/test-broker.ts';

let station: TestBroker;
afterEach(() => station.close());

/** Tokens by what they say; `end` ends one. */
const createTokenDesk = () => {
  const waiting = new Map<string, Set<() => void>>();
  const ended = new Set<string>();
  const check = async (token: string): Promise<TokenHolder | undefined> => {
    if (ended.has(token)) return undefined;
    const listeners = waiting.get(token) ?? new Set();
    waiting.set(token, listeners);
    return {
      name: token,
      onOver(listener) {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
    };
  };
  const end = (token: string): void => {
    ended.add(token);
    for (const listener of waiting.get(token) ?? []) listener();
  };
  return { check, end, waiting: (token: string) => waiting.get(token)?.size ?? 0 };
};

it('an integration whose token is ended is cut off at once, cannot come back, and that leaves a trace; others stay', async () => {
  const desk = createTokenDesk();
  station = await openBroker({ checkToken: desk.check });
  const [stolen, other] = [
    await station.join('one', { token: 'stolen' }),
    await station.join('two', { token: 'other' }),
  ];
  const closed = new Promise<void>((resolve) => stolen.once('close', () => resolve()));
  desk.end('stolen');
  await closed;
  await expect(station.join('one', { token: 'stolen' })).rejects.toThrow(/Bad username/);
  expect(other.connected).toBe(true);
  expect(station.broker.refusals.ofOthers()).toContainEqual(
    expect.objectContaining({ reason: 'credentials-changed', detail: 'its token has expired or was ended' }),
  );
});

it('an integration that leaves by itself is waited for no more', async () => {
  const desk = createTokenDesk();
  station = await openBroker({ checkToken: desk.check });
  const client = await station.join('one', { token: 'good' });
  await eventually(() => expect(desk.waiting('good')).toBe(1));
  await client.endAsync();
  await eventually(() => expect(desk.waiting('good')).toBe(0));
});
