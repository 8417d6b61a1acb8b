import type { CDPSession, Page } from 'playwright-core';
import { expect, test } from 'vitest';
import type { ServerFrame } from '#contracts/live.ts';
import { createTestBeds } from '../support/beds.ts';
import { hasBrowser, heartRates, launchBrowser, openPage, whyNoBrowser } from '../support/browser.ts';
import { createTestDatabase } from '../support/database.ts';
import { eventually } from '../support/eventually.ts';
import { type FastScreen, type Recording, speedUp } from '../support/fast-screen.ts';
import { releaseAfterEach } from '../support/releases.ts';
import { openScreen } from '../support/screen.ts';
import { createTestStation, type TestStation } from '../support/station.ts';

/** What a full wall costs its browser, and what it costs after half a day. */

const releases = releaseAfterEach();

const ECG_RATE = 250;
const PLETH_RATE = 125;
const BLOCK_S = 0.5;
const RACING = 150;

const samples = (rate: number, timeMs: number): number[] =>
  Array.from({ length: rate * BLOCK_S }, (_, place) => {
    const phase = ((timeMs / 1_000 + place / rate) * 1.2) % 1;
    return phase < 0.06 ? 1 : 0.1 * Math.sin(2 * Math.PI * phase);
  });

const openWard = async (count: number) => {
  const database = await createTestDatabase();
  releases.push(database.drop);
  const station = await createTestStation({ databaseUrl: database.url });
  releases.push(station.dispose);
  await station.start();
  const beds = await createTestBeds({ station, count });
  releases.push(beds.stop);
  const ward = { heartRate: 72 };
  let turn = 0;
  const publishing = setInterval(() => {
    const time = Date.now();
    turn += 1;
    for (const client of beds.clients) {
      if (turn % 2 === 0) {
        const vitals = { 'heart-rate': ward.heartRate, spo2: 97, 'respiratory-rate': 15, temperature: 36.8 };
        client.publishVitals({ time, vitals });
      }
      const from = time - 1_000 * BLOCK_S;
      client.publishWaves({
        time: from,
        waves: {
          'ecg-ii': { rate: ECG_RATE, unit: 'mV', samples: samples(ECG_RATE, from) },
          pleth: { rate: PLETH_RATE, unit: '1', samples: samples(PLETH_RATE, from) },
        },
      });
    }
  }, 1_000 * BLOCK_S);
  releases.push(() => clearInterval(publishing));
  const browser = await launchBrowser();
  releases.push(() => browser.close());
  return { station, ward, browser };
};

const inked = (page: Page): Promise<number> =>
  page.$$eval('.sweep canvas', (canvases) => {
    const isInked = (canvas: Element): boolean => {
      if (!(canvas instanceof HTMLCanvasElement) || canvas.width === 0) return false;
      const pixels = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height).data;
      return pixels?.some((value) => value > 0) ?? false;
    };
    return canvases.filter(isInked).length;
  });

const metricsOf = async (session: CDPSession): Promise<Record<string, number>> => {
  const { metrics } = await session.send('Performance.getMetrics');
  return Object.fromEntries(metrics.map(({ name, value }) => [name, value]));
};

const MEASURED_S = 10;

test.skipIf(!hasBrowser)(`64 beds are drawn with two sweeps each${whyNoBrowser}`, async () => {
  const { station, browser } = await openWard(64);
  const page = await openPage({ browser, station }, []);
  await eventually(async () => expect(await heartRates(page)).toEqual(Array(64).fill('72')));
  await eventually(async () => expect(await inked(page)).toBe(128));
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable', { timeDomain: 'threadTicks' });
  const before = await metricsOf(session);
  const frames = await page.evaluate(async (seconds) => {
    let count = 0;
    const until = performance.now() + seconds * 1_000;
    while (performance.now() < until) {
      await new Promise((resolve) => requestAnimationFrame(resolve));
      count += 1;
    }
    return count;
  }, MEASURED_S);
  const after = await metricsOf(session);
  const spent = (name: string): string =>
    `${((1_000 * ((after[name] ?? 0) - (before[name] ?? 0))) / MEASURED_S).toFixed(0)} ms`;
  console.log(
    `64 beds × 2 sweeps, 1920 × 1080, drawn by the processor: ${(frames / MEASURED_S).toFixed(1)} frames/s; ` +
      `of each second the page's main thread works ${spent('TaskDuration')} (script ${spent('ScriptDuration')}, ` +
      `style ${spent('RecalcStyleDuration')}, layout ${spent('LayoutDuration')})`,
  );
  expect(frames).toBeGreaterThan(0);
  expect(await heartRates(page)).toEqual(Array(64).fill('72'));
});

const ROUND_MS = 20_000;
/** Long enough to be drawn when time passes in seconds. */
const SEEN_MS = 4_000;

/** Twenty seconds of a ward in which an alarm comes, is answered and goes. */
const record = async (station: TestStation, ward: { heartRate: number }): Promise<Recording> => {
  const headers = { authorization: `Bearer ${await station.token('operator')}` };
  const api = `${station.addresses().http}/api/v1`;
  const screen = await openScreen(station, { units: ['icu'], waves: ['bed-1'] });
  await eventually(() => expect(screen.frames.filter(({ type }) => type === 'wave').length).toBeGreaterThan(3));
  const begin = screen.frames.length;
  const from = Date.now();
  const alarms = () => screen.frames.slice(begin).filter((frame) => frame.type === 'alarm');
  ward.heartRate = RACING;
  await eventually(() => expect(alarms().length).toBeGreaterThanOrEqual(3));
  await new Promise((resolve) => setTimeout(resolve, SEEN_MS));
  ward.heartRate = 72;
  await eventually(async () => {
    const { beds } = await (await fetch(`${api}/alarms/active`, { headers })).json();
    const ids: string[] = beds.flatMap((bed: { alarms: { id: string }[] }) => bed.alarms.map(({ id }) => id));
    await Promise.all(ids.map((id) => fetch(`${api}/alarms/${id}/acknowledge`, { method: 'POST', headers })));
    expect(ids).toEqual([]);
  });
  await new Promise((resolve) => setTimeout(resolve, Math.max(1_000, from + ROUND_MS - Date.now())));
  screen.close();
  const welcome = screen.frames.find(({ type }) => type === 'welcome');
  const snapshot = screen.frames.findLast((frame, place) => frame.type === 'snapshot' && place < begin);
  if (!welcome || snapshot?.type !== 'snapshot') throw new Error('the screen did not join');
  // Changes between the snapshot and the beginning are in it, as far as a page can tell.
  const kept = screen.frames.slice(begin);
  const first = kept.find((frame) => 'seq' in frame && typeof frame.seq === 'number' && frame.type !== 'wave');
  const seq = first && 'seq' in first && typeof first.seq === 'number' ? first.seq - 1 : snapshot.seq;
  const timeOf = (frame: ServerFrame): number | undefined => ('time' in frame ? frame.time : undefined);
  let at = from;
  const timed = [{ ...welcome, time: from }, { ...snapshot, seq, time: from }, ...kept].map((frame) => {
    at = Math.max(at, timeOf(frame) ?? at);
    return { atMs: at, frame };
  });
  return { frames: timed.filter(({ atMs }) => atMs < from + ROUND_MS), roundMs: ROUND_MS };
};

const HOUR = 3_600_000;

test.skipIf(!hasBrowser)(`the memory of a wall is flat over twelve hours${whyNoBrowser}`, async () => {
  const { station, ward, browser } = await openWard(3);
  const recording = await record(station, ward);
  const types = new Set(recording.frames.map(({ frame }) => frame.type));
  for (const type of ['welcome', 'snapshot', 'vitals', 'wave', 'alarm', 'heartbeat'] as const)
    expect(types).toContain(type);
  const faults: string[] = [];
  const page = await openPage({ browser, station, role: 'operator', before: speedUp }, faults);
  const session = await page.context().newCDPSession(page);
  await session.send('HeapProfiler.enable');
  const fast = <Result>(act: (screen: FastScreen, given: number) => Result, given = 0): Promise<Awaited<Result>> =>
    page.evaluate(`(${act})(window.fast, ${given})`) as Promise<Awaited<Result>>;
  await page.evaluate((given) => (window as unknown as { fast: FastScreen }).fast.begin(given), recording);
  const points: { hour: number; megabytes: number; nodes: number; listeners: number }[] = [];
  for (let hour = 1; hour <= 12; hour += 1) {
    await fast((screen, ms) => screen.pass(ms), HOUR);
    expect(await heartRates(page)).toEqual(['72', '72', '72']);
    if (hour % 2 === 0) {
      await session.send('HeapProfiler.collectGarbage');
      const { usedSize } = await session.send('Runtime.getHeapUsage');
      const { nodes, jsEventListeners } = await session.send('Memory.getDOMCounters');
      points.push({ hour, megabytes: usedSize / 2 ** 20, nodes, listeners: jsEventListeners });
    }
    await fast((screen) => screen.cut());
  }
  for (const { hour, megabytes, nodes, listeners } of points) {
    console.log(`after ${hour} h: ${megabytes.toFixed(1)} MB of heap, ${nodes} nodes, ${listeners} listeners`);
  }
  const [first, last] = [points[0], points.at(-1)];
  expect((last?.megabytes ?? Number.NaN) / (first?.megabytes ?? Number.NaN)).toBeLessThan(1.1);
  expect((last?.nodes ?? Number.NaN) / (first?.nodes ?? Number.NaN)).toBeLessThan(1.1);
  expect(await fast((screen) => screen.shown())).toBeGreaterThan((12 * HOUR) / ROUND_MS);
  expect(faults).toEqual([]);
});
