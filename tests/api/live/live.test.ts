import fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { LatestVitals, SnapshotFrame } from '#contracts/live.ts';
import { anAlarm, createLiveWard } from '../../support/live-ward.ts';
import { startApi, type TestApi, type TestScreen } from '../support/api.ts';

let api: TestApi;
afterEach(() => api?.stop());

/** What a screen shows: the last snapshot of the unit with every change after it, and whether one was missed. */
const shown = (screen: TestScreen, unit: string) => {
  let view: SnapshotFrame | undefined;
  let gaps = 0;
  for (const frame of screen.frames) {
    if (frame.type === 'snapshot' && frame.unit === unit) view = structuredClone(frame);
    const isChange = frame.type === 'vitals' || frame.type === 'alarm';
    if (!isChange || frame.unit !== unit || !view || frame.seq <= view.seq) continue;
    if (frame.seq !== view.seq + 1) gaps += 1;
    view.seq = frame.seq;
    for (const bed of view.beds) {
      if (frame.type === 'vitals') Object.assign(bed.vitals, frame.beds[bed.id]);
      else if (frame.bed === bed.id) bed.alarms = frame.alarms;
    }
  }
  return { view, gaps };
};

const heartRate = (value: number): LatestVitals => ({ 'heart-rate': { value, time: value } });
const nextTurn = () => new Promise((resolve) => setImmediate(resolve));

describe('a screen that joins', () => {
  it('is welcomed with the units, the version and the heartbeat', async () => {
    api = await startApi();
    const screen = await api.openScreen();
    await expect.poll(() => screen.frames).toHaveLength(1);
    expect(screen.frames[0]).toMatchObject({
      type: 'welcome',
      version: '1.2.3',
      heartbeatMs: 1_000,
      units: [{ id: 'icu', name: 'Unit icu' }],
    });
    screen.leave();
  });

  it('shows what the ward shows, whenever among the changes it subscribes', async () => {
    const ward = createLiveWard(['icu', 'er']);
    const beds = ['a', 'b', 'c'];
    for (const bed of beds) ward.addBed('icu', bed);
    api = await startApi({ ward });
    const step = fc.oneof(
      { weight: 10, arbitrary: fc.record({ do: fc.constant('measure' as const), bed: fc.constantFrom(...beds) }) },
      { weight: 2, arbitrary: fc.record({ do: fc.constant('alarm' as const), bed: fc.constantFrom(...beds) }) },
      { weight: 1, arbitrary: fc.record({ do: fc.constant('subscribe' as const), bed: fc.constant('') }) },
      { weight: 2, arbitrary: fc.record({ do: fc.constant('wait' as const), bed: fc.constant('') }) },
    );
    let value = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 20, maxLength: 200 }), async (steps) => {
        const screen = await api.openScreen();
        screen.subscribe(['icu']);
        for (const { do: action, bed } of steps) {
          if (action === 'measure') ward.measure('icu', bed, heartRate(++value));
          if (action === 'alarm') ward.alarm('icu', bed, [anAlarm(`alarm-${++value}`)]);
          if (action === 'subscribe') screen.subscribe(['icu']);
          if (action === 'wait') await nextTurn();
        }
        await expect.poll(() => shown(screen, 'icu').view?.seq).toBe(ward.present('icu').seq);
        expect(shown(screen, 'icu').gaps).toBe(0);
        expect(shown(screen, 'icu').view?.beds).toEqual(ward.present('icu').beds);
        screen.leave();
      }),
      { numRuns: 25 },
    );
    expect(ward.errors).toEqual([]);
  });

  it('gets changes of its units only, and waves of the beds it named only', async () => {
    const ward = createLiveWard(['icu', 'er']);
    ward.addBed('icu', 'a');
    ward.addBed('er', 'b');
    api = await startApi({ ward });
    const screen = await api.openScreen();
    screen.subscribe(['icu'], ['a']);
    await expect.poll(() => screen.ofType('snapshot')).toHaveLength(1);
    ward.measure('er', 'b', heartRate(1));
    ward.wave('er', 'b', 1, [1]);
    ward.measure('icu', 'a', heartRate(2));
    ward.wave('icu', 'a', 1, [2]);
    await expect.poll(() => screen.ofType('wave')).toHaveLength(1);
    expect(screen.ofType('vitals').map(({ unit }) => unit)).toEqual(['icu']);
    expect(screen.ofType('wave').map(({ bed }) => bed)).toEqual(['a']);

    screen.subscribe(['er']);
    await expect.poll(() => screen.ofType('snapshot')).toHaveLength(2);
    ward.wave('icu', 'a', 2, [3]);
    ward.measure('icu', 'a', heartRate(3));
    ward.measure('er', 'b', heartRate(4));
    await expect.poll(() => screen.ofType('vitals').at(-1)?.unit).toBe('er');
    expect(screen.ofType('vitals')).toHaveLength(2);
    expect(screen.ofType('wave')).toHaveLength(1);
    screen.leave();
  });

  it('is told of a unit that does not exist, and gets it when it comes to be, with a new welcome', async () => {
    const ward = createLiveWard(['icu']);
    api = await startApi({ ward });
    const screen = await api.openScreen();
    screen.subscribe(['new']);
    await expect.poll(() => screen.ofType('error')).toMatchObject([{ reason: 'unit-unknown' }]);
    ward.addUnit('new');
    await expect.poll(() => screen.ofType('snapshot').map(({ unit }) => unit)).toEqual(['new']);
    expect(
      screen
        .ofType('welcome')
        .at(-1)
        ?.units.map(({ id }) => id),
    ).toEqual(['icu', 'new']);
    screen.leave();
  });

  it('gets a new snapshot when beds, patients or devices of its unit change', async () => {
    const ward = createLiveWard(['icu']);
    api = await startApi({ ward });
    const screen = await api.openScreen();
    screen.subscribe(['icu']);
    await expect.poll(() => screen.ofType('snapshot')).toHaveLength(1);
    ward.addBed('icu', 'z');
    await expect.poll(() => screen.ofType('snapshot').at(-1)?.beds).toMatchObject([{ id: 'z' }]);
    screen.leave();
  });

  it('hears a heartbeat with the last change of each of its units', async () => {
    const ward = createLiveWard(['icu', 'er']);
    ward.addBed('icu', 'a');
    api = await startApi({ ward });
    const screen = await api.openScreen();
    screen.subscribe(['icu', 'er']);
    await expect.poll(() => screen.ofType('snapshot')).toHaveLength(2);
    ward.measure('icu', 'a', heartRate(1));
    const seq = { icu: ward.present('icu').seq, er: 0 };
    await expect.poll(() => screen.ofType('heartbeat').at(-1)?.seq, { timeout: 5_000 }).toEqual(seq);
    screen.leave();
  });
});

describe('many screens', () => {
  it('share one encoding of each change and one of the snapshot', async () => {
    const ward = createLiveWard(['icu']);
    ward.addBed('icu', 'a');
    api = await startApi({ ward });
    const screens = await Promise.all(Array.from({ length: 20 }, () => api.openScreen()));
    await expect.poll(() => screens.every((screen) => screen.frames.length > 0)).toBe(true);
    const stringify = vi.spyOn(JSON, 'stringify');
    const encodings = (type: string) =>
      stringify.mock.calls.filter(([frame]) => typeof frame === 'object' && frame?.type === type).length;
    try {
      for (const screen of screens) screen.socket.send('{"type":"subscribe","units":["icu"]}');
      await expect.poll(() => screens.every((screen) => screen.ofType('snapshot').length === 1)).toBe(true);
      for (let value = 0; value < 50; value++) ward.measure('icu', 'a', heartRate(value));
      await expect.poll(() => screens.every((screen) => screen.ofType('vitals').length === 50)).toBe(true);
      // 50 by the ward itself, which is where a change is encoded; none by the hub.
      expect(encodings('vitals')).toBe(50);
      expect(encodings('snapshot')).toBeLessThan(screens.length / 2);
    } finally {
      stringify.mockRestore();
    }
    const [first, ...others] = screens.map((screen) => screen.texts.filter((text) => text.includes('"vitals","unit"')));
    for (const other of others) expect(other).toEqual(first);
    for (const screen of screens) screen.leave();
  });
});

describe('a screen that misbehaves', () => {
  it('is told what was wrong, and closed with 1008 when it goes on', async () => {
    api = await startApi();
    const screen = await api.openScreen();
    const bad = ['nonsense', '{}', '{"type":"subscribe","units":"icu"}', '[]', '{"type":"subscribe"}'];
    for (const text of bad) screen.socket.send(text);
    expect(await screen.closed).toEqual({ code: 1008, reason: 'misbehaved' });
    expect(screen.ofType('error').map(({ reason }) => reason)).toContain('frame-invalid');
  });

  it('with frames without end, or far too long ones, is closed as well', async () => {
    api = await startApi();
    const flooding = await api.openScreen();
    for (let count = 0; count < 100; count++) flooding.subscribe(['icu']);
    expect((await flooding.closed).code).toBe(1008);

    const long = await api.openScreen();
    long.socket.send('x'.repeat(3 * 2 ** 20));
    expect((await long.closed).code).toBe(1009);
  });
});
