import { describe, expect, it } from 'vitest';
import { createBacklog } from '../../simulators/backlog.ts';

const vitals = (id: number) => ({ channel: 'vitals', id });
const idsOf = (batch: { items: { id: number }[] } | undefined) => batch?.items.map(({ id }) => id);

describe('a backlog', () => {
  it('hands out in order, a channel at a time, at most a hundred', () => {
    const backlog = createBacklog<{ channel: string; id: number }>({ limit: 1_000 });
    for (let id = 0; id < 150; id++) backlog.push(vitals(id));
    backlog.push({ channel: 'waves', id: 150 });
    backlog.push(vitals(151));
    expect(idsOf(backlog.take())).toHaveLength(100);
    expect(idsOf(backlog.take())?.at(-1)).toBe(149);
    expect(idsOf(backlog.take())).toEqual([150]);
    expect(idsOf(backlog.take())).toEqual([151]);
    expect(backlog.take()).toBeUndefined();
    expect(backlog.size()).toBe(152);
  });

  it('puts back in order what was in flight, except what was settled', () => {
    const backlog = createBacklog<{ channel: string; id: number }>({ limit: 10 });
    const batches = [0, 1, 2].map((id) => {
      backlog.push(vitals(id));
      return backlog.take();
    });
    backlog.push(vitals(3));
    if (batches[1]) backlog.settle(batches[1]);
    expect(backlog.restore()).toBe(2);
    expect(backlog.batchesInFlight()).toBe(0);
    expect(idsOf(backlog.take())).toEqual([0, 2, 3]);
  });

  it('is bounded: the oldest that waits gives way, nothing in flight does', () => {
    const backlog = createBacklog<{ channel: string; id: number }>({ limit: 2 });
    backlog.push(vitals(0));
    const flying = backlog.take();
    expect([1, 2, 3].map((id) => backlog.push(vitals(id))?.id)).toEqual([undefined, undefined, 1]);
    expect(idsOf(flying)).toEqual([0]);
    expect(idsOf(backlog.take())).toEqual([2, 3]);
  });
});
