import { describe, expect, it } from 'vitest';
import type { SubscribeFrame } from '#contracts/live.ts';
import { createSubscription, RESUBSCRIBE_AFTER_MS } from '../../../../web/shell/live/subscription.ts';

const setUp = () => {
  const sent: SubscribeFrame[] = [];
  return { sent, subscription: createSubscription({ send: (frame) => sent.push(frame) }) };
};

const wanted = { units: ['icu'], waves: ['bed-1'] };

describe('subscription', () => {
  it('is asked for once while all is well', () => {
    const { sent, subscription } = setUp();
    for (let now = 0; now < 60_000; now += 16) subscription.ensure(wanted, now === 0, now);
    expect(sent).toEqual([{ type: 'subscribe', units: ['icu'], waves: ['bed-1'] }]);
  });

  it('is asked for again on a gap, not more often than the limit', () => {
    const { sent, subscription } = setUp();
    for (let now = 0; now < 10 * RESUBSCRIBE_AFTER_MS; now += 16) subscription.ensure(wanted, true, now);
    expect(sent).toHaveLength(10);
  });

  it('is asked for again when other beds are wanted, and on a new connection at once', () => {
    const { sent, subscription } = setUp();
    subscription.ensure({ units: ['icu'], waves: [] }, false, 0);
    subscription.ensure(wanted, false, RESUBSCRIBE_AFTER_MS);
    subscription.reset();
    subscription.ensure(wanted, false, RESUBSCRIBE_AFTER_MS + 1);
    expect(sent.map((frame) => frame.waves)).toEqual([[], ['bed-1'], ['bed-1']]);
  });

  it('stays within what the server takes', () => {
    const { sent, subscription } = setUp();
    const many = Array.from({ length: 500 }, (_, place) => `x${place}`);
    subscription.ensure({ units: many, waves: many }, true, 0);
    expect([sent[0]?.units.length, sent[0]?.waves.length]).toEqual([64, 128]);
  });
});
