import { afterEach, describe, expect, it } from 'vitest';
import { eventually } from '../../support/eventually.ts';
import { anAlarm, createLiveWard, type LiveWard } from '../../support/live-ward.ts';
import { startApi, type TestApi, type TestScreen } from '../support/api.ts';
import { createDesk } from '../support/desk.ts';

let api: TestApi;
afterEach(() => api?.stop());

const BEDS = Array.from({ length: 100 }, (_, index) => `bed-${index}`);
const KIB = 1_024;
const nextTurn = () => new Promise((resolve) => setImmediate(resolve));

const startWard = async (maxBufferedBytes: number) => {
  const ward = createLiveWard(['icu']);
  for (const bed of BEDS) ward.addBed('icu', bed);
  const desk = createDesk();
  api = await startApi({ ward, maxBufferedBytes, alarms: desk.desk });
  return { ward, desk };
};

const metric = async (line: string): Promise<number> => {
  const found = (await api.metrics.metrics()).split('\n').find((text) => text.startsWith(line));
  return Number(found?.split(' ').at(-1) ?? 0);
};

const skipped = () => metric('wardwatch_live_frames_skipped_total{type="vitals"}');

const measureAll = async (ward: LiveWard): Promise<void> => {
  for (const bed of BEDS) ward.measure('icu', bed, { 'heart-rate': { value: 80, time: 1 } });
  await nextTurn();
};

/** A subscribed screen that stops reading and for which vitals are skipped from then on. */
const openScreenBehind = async (ward: LiveWard): Promise<TestScreen> => {
  const screen = await api.openScreen();
  screen.subscribe(['icu']);
  await expect.poll(() => screen.ofType('snapshot')).toHaveLength(1);
  screen.socket.pause();
  while ((await skipped()) === 0) for (let round = 0; round < 20; round++) await measureAll(ward);
  return screen;
};

describe('a screen that is behind', () => {
  it('G6: gets every alarm frame, in order, and then the snapshot that is owed to it', async () => {
    const { ward } = await startWard(1_024 * KIB);
    const screen = await openScreenBehind(ward);
    const seqs: number[] = [];
    for (let round = 0; round < 20; round++) {
      await measureAll(ward);
      seqs.push(ward.alarm('icu', 'bed-7', [anAlarm(`alarm-${round}`)]).seq);
    }
    expect(screen.ofType('alarm')).toEqual([]);

    screen.socket.resume();
    await expect.poll(() => screen.ofType('snapshot'), { timeout: 20_000 }).toHaveLength(2);
    expect(screen.ofType('alarm').map(({ seq }) => seq)).toEqual(seqs);
    const places = screen.frames.flatMap(({ type }, place) => (type === 'alarm' || type === 'snapshot' ? [place] : []));
    const [last, beforeLast] = [places.at(-1), places.at(-2)].map((place) => screen.frames[place ?? 0]);
    expect(beforeLast).toMatchObject({ type: 'alarm', seq: seqs.at(-1) });
    expect(last).toMatchObject({ type: 'snapshot', seq: ward.present('icu').seq });
    const bed = screen
      .ofType('snapshot')
      .at(-1)
      ?.beds.find(({ id }) => id === 'bed-7');
    expect(bed?.alarms.map(({ id }) => id)).toEqual(['alarm-19']);
    // The screen was skipped between the alarms: their numbers have gaps, and no other frame of the unit came between
    // them.
    const changes = screen.frames.filter(({ type }) => type === 'vitals' || type === 'alarm');
    expect(changes.slice(-20).every(({ type }) => type === 'alarm')).toBe(true);
    screen.leave();
  }, 60_000);

  it('and asks again gets the alarms that come while its snapshot is owed, and the snapshot', async () => {
    const { ward } = await startWard(1_024 * KIB);
    const screen = await openScreenBehind(ward);
    for (let asked = 0; asked < 3; asked++) {
      screen.subscribe(['icu']);
      ward.alarm('icu', 'bed-1', [anAlarm(`alarm-${asked}`)]);
    }
    screen.socket.resume();
    await expect.poll(() => screen.ofType('snapshot').at(-1)?.seq, { timeout: 20_000 }).toBe(ward.present('icu').seq);
    expect(screen.ofType('alarm').map(({ events }) => events[0]?.type)).toEqual(['onset', 'onset', 'onset']);
    screen.leave();
  }, 60_000);

  it('is closed when the alarms alone are more than may wait, and the others get them all', async () => {
    const { ward } = await startWard(256 * KIB);
    const quick = await api.openScreen();
    quick.subscribe(['icu']);
    await expect.poll(() => quick.ofType('snapshot')).toHaveLength(1);
    const slow = await openScreenBehind(ward);
    const sent: number[] = [];
    while ((await metric('wardwatch_live_closed_total{reason="slow"}')) === 0) {
      sent.push(ward.alarm('icu', 'bed-3', [anAlarm(`alarm-${sent.length}`)]).seq);
      await nextTurn();
    }
    await eventually(() => expect(quick.ofType('alarm').map(({ seq }) => seq)).toEqual(sent));
    slow.socket.resume();
    expect(await slow.closed).toMatchObject({ code: expect.any(Number) });
    expect(ward.errors).toEqual([]);
    quick.leave();
  }, 60_000);
});

describe('a screen that shows alarms', () => {
  it('says so, as often as it is told of alarms, and is no offender for it', async () => {
    const { ward, desk } = await startWard(8_192 * KIB);
    const screen = await api.openScreen();
    screen.subscribe(['icu']);
    await expect.poll(() => screen.ofType('snapshot')).toHaveLength(1);
    const ids = Array.from({ length: 200 }, (_, index) => `alarm-${index}`);
    for (const id of ids) ward.alarm('icu', 'bed-0', [anAlarm(id)]);
    await expect.poll(() => screen.ofType('alarm')).toHaveLength(200);
    for (const id of ids) screen.show([id]);
    await expect.poll(() => desk.shown.flat()).toEqual(ids);
    expect(screen.ofType('error')).toEqual([]);
    screen.leave();
  });

  it('may name as many as a frame holds, however long their ids', async () => {
    const { desk } = await startWard(8_192 * KIB);
    const screen = await api.openScreen();
    const ids = Array.from({ length: 500 }, (_, index) => `${index}`.padStart(200, 'x'));
    screen.show(ids);
    await expect.poll(() => desk.shown).toEqual([ids]);
    expect(screen.ofType('error')).toEqual([]);
    screen.leave();
  });

  it('and says more than it was told is held to the limit of all frames', async () => {
    const { desk } = await startWard(8_192 * KIB);
    const screen = await api.openScreen();
    screen.subscribe(['icu']);
    for (let count = 0; count < 200; count++) screen.show([`made-up-${count}`]);
    expect(await screen.closed).toEqual({ code: 1008, reason: 'misbehaved' });
    expect(screen.ofType('error')[0]).toMatchObject({ reason: 'too-many-frames' });
    expect(desk.shown.length).toBeLessThan(100);
  });
});
