import { existsSync } from 'node:fs';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Role } from '#contracts/roles.ts';
import { systemClock } from '#platform/clock.ts';
import { readOrCreateSecret } from '#platform/secrets.ts';
import { createTokens } from '#platform/tokens.ts';
import { createTestBeds, type TestBeds } from '../support/beds.ts';
import { createTestDatabase } from '../support/database.ts';
import { eventually } from '../support/eventually.ts';
import { createTestStation, type TestStation } from '../support/station.ts';

/** The wall display as built by `npm run build`, in a real browser, on a real station. */

const CHROMIUM = process.env.CHROMIUM ?? '/usr/bin/chromium';
const BEDS = 4;
const RATE = 125;

const releases: (() => Promise<unknown> | unknown)[] = [];
/** Beds that say nothing, by their place. */
const silent = new Set<number>();
/** Beds whose heart races. */
const racing = new Set<number>();
let station: TestStation;
let beds: TestBeds;
let browser: Browser;
let page: Page;
let faults: string[];

const hasBrowser = existsSync(CHROMIUM);

/** Each bed's heart rate is its own, so that a value cannot be taken for a neighbour's. */
const heartRateOf = (place: number): number => 60 + place;

/** Past the limit of extreme tachycardia, which alarms without a delay. */
const RACING = 150;

const publish = (): void => {
  const time = Date.now();
  for (const [place, client] of beds.clients.entries()) {
    if (silent.has(place)) continue;
    const heartRate = racing.has(place) ? RACING : heartRateOf(place);
    client.publishVitals({ time, vitals: { 'heart-rate': heartRate, spo2: 97, temperature: null } });
    const samples = Array.from({ length: RATE / 2 }, (_, index) => Math.sin((index * 8 * Math.PI) / RATE));
    client.publishWaves({ time: time - 500, waves: { 'ecg-ii': { rate: RATE, unit: 'mV', samples } } });
  }
};

const signInLink = async (role: Role = 'viewer'): Promise<string> => {
  const tokens = createTokens({ key: await readOrCreateSecret(station.dataDir, 'token.key'), clock: systemClock });
  const code = await tokens.issue({ name: 'wall', role, kind: 'link', expiresInMs: 600_000 });
  return `${station.addresses().http}/sign-in?code=${code}`;
};

/** Bed 1 gets a patient, as an admission desk would do it. */
const admit = async (name: string): Promise<void> => {
  const token = await station.token('operator');
  const post = async (path: string, body: object): Promise<{ id: number }> => {
    const response = await fetch(`${station.addresses().http}/api/v1/${path}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    expect(response.status).toBe(201);
    return response.json();
  };
  const patient = await post('patients', { name, mrn: null, birthDate: null, sex: 'unknown', ageGroup: 'adult' });
  await post('encounters', { patient: patient.id, bed: 'bed-1' });
};

const heartRates = (): Promise<string[]> =>
  page.$$eval('.cell-rate .value', (values) => values.map((value) => value.textContent ?? ''));

const inkedCanvases = (): Promise<number> =>
  page.$$eval('.sweep-ecg canvas', (canvases) => {
    const isInked = (canvas: Element): boolean => {
      if (!(canvas instanceof HTMLCanvasElement) || canvas.width === 0) return false;
      const pixels = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height).data;
      return pixels?.some((value) => value > 0) ?? false;
    };
    return canvases.filter(isInked).length;
  });

const banner = (): Promise<string> =>
  page.$$eval('.link-banner', (banners) => banners.map((each) => each.textContent).join());

const ALL_LIVE = Array.from({ length: BEDS }, (_, place) => String(heartRateOf(place)));
const ALL_BLANK = ALL_LIVE.map(() => '--');

const expectLive = () =>
  eventually(async () => {
    expect(await banner()).toBe('');
    expect(await heartRates()).toEqual(ALL_LIVE);
    expect(await inkedCanvases()).toBe(BEDS);
  });

const expectLinkLost = () =>
  eventually(async () => {
    expect(await banner()).toContain('LINK LOST');
    expect(await heartRates()).toEqual(ALL_BLANK);
    expect(await inkedCanvases()).toBe(0);
  });

/** A screen of its own, with cookies of its own. */
const openPage = async (role: Role): Promise<Page> => {
  const opened = await browser.newPage({ viewport: { width: 1920, height: 1080 }, locale: 'en' });
  opened.on('pageerror', (error) => faults.push(error.message));
  await opened.addInitScript(rememberPulses);
  await opened.goto(await signInLink(role));
  return opened;
};

type Pulse = { readonly from: number; readonly to: number };

/** Runs in the page: keeps the times for which tones are scheduled, in seconds. */
const rememberPulses = (): void => {
  const pulses: { from: number; to: number }[] = [];
  Object.assign(window, { pulses });
  const { start, stop } = OscillatorNode.prototype;
  OscillatorNode.prototype.start = function (from = 0) {
    pulses.push({ from, to: Number.POSITIVE_INFINITY });
    start.call(this, from);
  };
  OscillatorNode.prototype.stop = function (to = 0) {
    const pulse = pulses.at(-1);
    if (pulse) pulse.to = to;
    stop.call(this, to);
  };
};

const pulsesOn = (on: Page): Promise<Pulse[]> => on.evaluate(() => (window as unknown as { pulses: Pulse[] }).pulses);

const tileOf = (on: Page, place: number) => on.locator('article.tile').nth(place);

const alarmLineOf = async (on: Page, place: number): Promise<string> =>
  (await tileOf(on, place).locator('.alarm-line .what').allTextContents()).join();

/** The newest alarm of a bed, as it is stored. */
const newestAlarm = async (bed: string): Promise<{ shownAt: string | null } | undefined> => {
  const response = await fetch(`${station.addresses().http}/api/v1/alarms?bed=${bed}&limit=1`, {
    headers: { authorization: `Bearer ${await station.token('viewer')}` },
  });
  expect(response.status).toBe(200);
  return (await response.json()).alarms[0];
};

/** What flashes: how long a period lasts, and when all of it began. */
const flashes = (on: Page) =>
  on.evaluate(() =>
    document
      .getAnimations()
      .filter((animation) => animation instanceof CSSAnimation && animation.animationName === 'flash')
      .map((animation) => ({ startTime: animation.startTime, periodMs: animation.effect?.getTiming().duration })),
  );

/** Survives everything but a reload. */
const markPage = () => page.evaluate(() => document.body.setAttribute('data-mark', 'same page'));
const expectSamePage = async () =>
  expect(await page.evaluate(() => document.body.getAttribute('data-mark'))).toBe('same page');

describe.skipIf(!hasBrowser)(
  `the wall display${hasBrowser ? '' : ` (skipped: no browser at ${CHROMIUM}, set CHROMIUM)`}`,
  () => {
    beforeAll(async () => {
      const database = await createTestDatabase();
      releases.push(database.drop);
      station = await createTestStation({ databaseUrl: database.url });
      releases.push(station.dispose);
      await station.start();
      beds = await createTestBeds({ station, count: BEDS });
      releases.push(beds.stop);
      const publishing = setInterval(publish, 500);
      releases.push(() => clearInterval(publishing));
      // Chromium's sandbox refuses root.
      browser = await chromium.launch({ executablePath: CHROMIUM, chromiumSandbox: process.getuid?.() !== 0 });
      releases.push(() => browser.close());
    });

    afterAll(async () => {
      for (const release of releases.splice(0).reverse()) await release();
    });

    beforeEach(async () => {
      faults = [];
      silent.clear();
      racing.clear();
      page = await openPage('viewer');
      await expectLive();
      await markPage();
    });

    afterEach(async () => {
      await page.context().close();
      expect(faults).toEqual([]);
    });

    test('shows every bed live, fitted to the screen, with nothing loaded from elsewhere', async () => {
      const origins = await page.evaluate(() =>
        performance.getEntriesByType('resource').map((entry) => new URL(entry.name).origin),
      );
      expect(new Set(origins)).toEqual(new Set([station.addresses().http]));
      expect(await page.textContent('.cell-temperature .note')).toBe('Not measured');
      expect(await page.textContent('footer')).toContain('not a certified medical device');
      const isScrolling = () =>
        page.evaluate(() => ({
          down: document.documentElement.scrollHeight > innerHeight,
          across: document.documentElement.scrollWidth > innerWidth,
        }));
      expect(await isScrolling()).toEqual({ down: false, across: false });
      await page.setViewportSize({ width: 360, height: 740 });
      await eventually(async () => expect(await isScrolling()).toEqual({ down: true, across: false }));
    });

    test('blanks a silent bed with the reason while the others go on', async () => {
      silent.add(1);
      await eventually(async () => {
        expect(await heartRates()).toEqual(ALL_LIVE.with(1, '--'));
        expect((await page.$$eval('.cell-rate .note', (notes) => notes.map((note) => note.textContent)))[1]).toMatch(
          /^No data/,
        );
      });
      expect(await banner()).toBe('');
      silent.clear();
      await expectLive();
    });

    test('blanks everything when the station freezes with the socket open, and recovers without a reload', async () => {
      station.freeze();
      await expectLinkLost();
      station.thaw();
      await expectLive();
      await expectSamePage();
    });

    test('blanks everything when the station is killed, and recovers without a reload when it is back', async () => {
      await station.kill();
      await expectLinkLost();
      await station.start();
      await expectLive();
      await expectSamePage();
    });

    test('does not trust its values after the machine slept', async () => {
      await page.evaluate(() => {
        const real = Date.now.bind(Date);
        const cells = () => [...document.querySelectorAll('.cell-rate .value')].map((value) => value.textContent);
        const seen: string[] = [];
        Object.assign(window, { seen });
        new MutationObserver(() => seen.push(cells().join())).observe(document.body, {
          subtree: true,
          characterData: true,
          childList: true,
        });
        Date.now = () => real() + 8 * 3_600_000;
      });
      await eventually(async () => {
        const seen = await page.evaluate(() => (window as unknown as { seen: string[] }).seen);
        expect(seen).toContain(ALL_BLANK.join());
      });
      await expectLive();
      await expectSamePage();
    });

    test('shows an alarm on every screen by colour, shape and words, flashing in step, and steady once acknowledged', async () => {
      const desk = await openPage('operator');
      racing.add(2);
      for (const screen of [page, desk]) {
        await eventually(async () => expect(await alarmLineOf(screen, 2)).toBe('Extreme tachycardia'));
        expect(await tileOf(screen, 2).locator('.alarm-line .shape-high').count()).toBe(1);
        const ground = await tileOf(screen, 2)
          .locator('.alarm-line')
          .evaluate((line) => getComputedStyle(line, '::before').backgroundColor);
        expect(ground).toBe('rgb(224, 0, 37)');
        const flashing = await flashes(screen);
        expect(flashing.length).toBeGreaterThan(1);
        expect(new Set(flashing.map(({ periodMs }) => periodMs))).toEqual(new Set([500]));
        expect(new Set(flashing.map(({ startTime }) => startTime)).size).toBe(1);
      }
      expect(await page.getByRole('button', { name: /Acknowledge/ }).count()).toBe(0);
      await eventually(async () => expect((await newestAlarm('bed-3'))?.shownAt).toMatch(/^2/));
      await desk.keyboard.press('ArrowRight');
      await desk.keyboard.press('a');
      await eventually(async () => {
        expect(await tileOf(page, 2).getAttribute('class')).toContain('ground-quiet');
        expect(await flashes(page)).toEqual([]);
      });
      expect(await heartRates()).toEqual(ALL_LIVE.with(2, String(RACING)));
      await desk.keyboard.press('p');
      await eventually(async () =>
        expect(await tileOf(page, 2).locator('.inactivated-audio-paused').textContent()).toMatch(
          /^Audio paused[12]:\d\d$/,
        ),
      );
      racing.clear();
      await eventually(async () => expect(await alarmLineOf(page, 2)).toBe(''));
      await desk.context().close();
    });

    test('keeps an alarm that is over until somebody has seen it, through a station that was killed', async () => {
      const desk = await openPage('operator');
      racing.add(1);
      await eventually(async () => expect(await alarmLineOf(page, 1)).toBe('Extreme tachycardia'));
      racing.clear();
      await eventually(async () => expect(await tileOf(page, 1).textContent()).toContain('Over, not seen'));
      await station.kill();
      await expectLinkLost();
      expect(await alarmLineOf(page, 1)).toBe('');
      await station.start();
      await eventually(async () => expect(await tileOf(page, 1).textContent()).toContain('Over, not seen'));
      await eventually(async () => expect(await desk.locator('.item').count()).toBeGreaterThan(0));
      await desk.locator('.item', { hasText: 'Extreme tachycardia' }).getByRole('button').click();
      await desk.getByRole('button', { name: /Reset/ }).click();
      await eventually(async () => expect(await alarmLineOf(page, 1)).toBe(''));
      await desk.context().close();
    });

    test('is heard once a person has turned the sound on, with the pulses of high priority', async () => {
      expect(await page.getByRole('button', { name: /Sound is off/ }).count()).toBe(1);
      racing.add(0);
      await eventually(async () => expect(await alarmLineOf(page, 0)).toBe('Extreme tachycardia'));
      expect(await pulsesOn(page)).toEqual([]);
      await page.keyboard.press('s');
      await eventually(async () => expect(await page.getByRole('button', { name: /Sound on/ }).count()).toBe(1));
      const READY = 2;
      const BURST = 10;
      await eventually(async () => expect((await pulsesOn(page)).length).toBeGreaterThan(READY + BURST));
      const pulses = await pulsesOn(page);
      const burst = pulses.slice(READY, READY + BURST);
      const lengthsMs = burst.map(({ from, to }) => Math.round((to - from) * 1_000));
      expect(new Set(lengthsMs)).toEqual(new Set([150]));
      const gapsMs = burst.slice(1).map(({ from }, place) => Math.round((from - (burst[place]?.to ?? 0)) * 1_000));
      expect(gapsMs).toEqual([100, 100, 350, 100, 700, 100, 100, 350, 100]);
      const betweenBursts = (pulses[READY + BURST]?.from ?? 0) - (burst.at(-1)?.to ?? 0);
      expect(betweenBursts).toBeGreaterThanOrEqual(2.5);
      expect(betweenBursts).toBeLessThanOrEqual(15);
      racing.clear();
    });

    test('asks for a sign-in link when the session is gone, and goes on with a new one', async () => {
      await page.context().clearCookies();
      await page.reload();
      await page.getByLabel('Sign-in link').fill('not a link');
      await page.getByRole('button').click();
      await eventually(async () => expect(await page.textContent('.fault')).toContain('did not accept'));
      await page.getByLabel('Sign-in link').fill(await signInLink());
      await page.getByRole('button').click();
      await expectLive();
    });

    test('speaks Chinese at once, shows who was just admitted, and hides names', async () => {
      await page.getByRole('button', { name: '中文' }).click();
      await eventually(async () => {
        expect(await page.textContent('.cell-rate .label')).toContain('心率');
        expect(await page.evaluate(() => document.documentElement.lang)).toBe('zh-CN');
      });
      await admit('Maria Lopez');
      await eventually(async () => expect(await page.textContent('.patient')).toBe('Maria Lopez'));
      await page.getByRole('button', { name: '隐藏姓名' }).click();
      await eventually(async () => expect(await page.textContent('.patient')).toBe('M. L.'));
    });
  },
);
