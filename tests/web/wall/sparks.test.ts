import { describe, expect, it, vi } from 'vitest';
import { createSparks, type History } from '../../../web/wall/sparks.ts';
import { bedState } from '../alarm-samples.ts';

const MINUTE = 60_000;
const START = 30_000_000 * MINUTE;

const patient = { id: 7, name: 'Ann', ageGroup: 'adult' } as const;

const setUp = (history: Partial<History> = {}) => {
  const time = { now: START };
  const sparks = createSparks({
    history: { stayedSince: async () => 0, lastHour: async () => ({}), ...history },
    monotonicMs: () => time.now,
  });
  const take = (
    values: Partial<Record<'heart-rate' | 'spo2', number>>,
    change: Parameters<typeof bedState>[0] = {},
  ) => {
    const vitals = Object.fromEntries(Object.entries(values).map(([id, value]) => [id, { value, time: time.now }]));
    sparks.take([bedState({ patient, vitals, ...change })], time.now);
  };
  const pass = (ms: number) => {
    time.now += ms;
  };
  const path = (id: 'heart-rate' | 'spo2' | 'temperature' = 'heart-rate') => sparks.path('bed-1', id);
  return { time, sparks, take, pass, path };
};

describe('the line of the last hour', () => {
  it('has a point a minute, the present at the right', () => {
    const { take, pass, path } = setUp();
    take({ 'heart-rate': 60 });
    expect(path()).toBe('');
    pass(MINUTE);
    take({ 'heart-rate': 100 });
    pass(1_000);
    expect(path()).toBe('M58 100L59 0');
    expect(path('spo2')).toBe('');
    expect(path('temperature')).toBe('');
  });

  it('makes rest look like rest', () => {
    const { take, pass, path } = setUp();
    take({ 'heart-rate': 79 });
    pass(MINUTE);
    take({ 'heart-rate': 81 });
    expect(path()).toBe('M58 53L59 48');
  });

  it('draws nothing across a hole', () => {
    const { take, pass, path } = setUp();
    for (const [waitMs, value] of [
      [0, 60],
      [MINUTE, 60],
      [2 * MINUTE, 60],
      [MINUTE, 60],
    ] as const) {
      pass(waitMs);
      take({ 'heart-rate': value });
    }
    expect(path()).toBe('M55 50L56 50M58 50L59 50');
  });

  it('begins with what the station knows of this stay, and asks for no more than the stay', async () => {
    const asked: number[] = [];
    const { take, path } = setUp({
      stayedSince: async () => START - 10 * MINUTE,
      lastHour: async (_bed, { fromMs }) => {
        asked.push(START - fromMs);
        return { 'heart-rate': [{ time: START - 2 * MINUTE, value: 60 }] };
      },
    });
    take({ 'heart-rate': 60 });
    await vi.waitFor(() => expect(path()).toBe('M57 50M59 50'));
    expect(asked).toEqual([10 * MINUTE]);
  });

  it('begins anew with another patient, and asks nothing of before', async () => {
    const asked: string[] = [];
    const { take, pass, path } = setUp({
      stayedSince: async (bed) => {
        asked.push(bed);
        return undefined;
      },
    });
    take({ 'heart-rate': 60 });
    pass(MINUTE);
    take({ 'heart-rate': 60 });
    expect(path()).not.toBe('');
    take({ 'heart-rate': 60 }, { patient: { ...patient, id: 8 } });
    pass(1_000);
    take({ 'heart-rate': 60 }, { patient: { ...patient, id: 8 } });
    expect(path()).toBe('');
    expect(asked).toEqual(['bed-1']);
  });

  it('asks again later when the station could not answer', async () => {
    let times = 0;
    const { take, pass } = setUp({
      stayedSince: () => {
        times += 1;
        return Promise.reject(new Error('away'));
      },
    });
    take({});
    await Promise.resolve();
    await Promise.resolve();
    pass(1_000);
    take({});
    expect(times).toBe(1);
    pass(MINUTE);
    take({});
    expect(times).toBe(2);
  });
});
