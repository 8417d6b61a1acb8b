import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createTestBeds, type TestBeds } from '../support/beds.ts';
import { hasBrowser, heartRates, launchBrowser, linkBanner, openPage, whyNoBrowser } from '../support/browser.ts';
import { createTestDatabase } from '../support/database.ts';
import { eventually } from '../support/eventually.ts';
import { createFaultyLink, type FaultyLink } from '../support/faulty-link.ts';
import { createTestStation, type TestStation } from '../support/station.ts';

/** The screens in a real browser, on a real station: how soon, for how long, at which rate. */

const BEDS = 70;
const ON_FIRST_PAGE = 35;
const RACING = 150;

/** What the page may take to say that its link is lost: by its own clock, from the last word of the station. */
const LINK_LOST_AFTER_MS = 3_000;
/** The page looks twice a second at least, also where the machine is too busy to draw. */
const LOOKS_EVERY_MS = 500;
/** More time, for a machine on which other tests run. */
const SLACK_MS = 1_500;

/** IEC 60601-1-8 Table 2. */
const HIGH_FLASH_HERTZ = { least: 1.4, most: 2.8 };

const releases: (() => Promise<unknown> | unknown)[] = [];
const racing = new Set<number>();
let station: TestStation;
let beds: TestBeds;
let browser: Browser;
let faults: string[];
const opened: Page[] = [];

const publish = (): void => {
  const time = Date.now();
  for (const [place, client] of beds.clients.entries()) {
    client.publishVitals({ time, vitals: { 'heart-rate': racing.has(place) ? RACING : 70, spo2: 97 } });
  }
};

const open = async (options: Partial<Parameters<typeof openPage>[0]> = {}): Promise<Page> => {
  const page = await openPage({ browser, station, ...options }, faults);
  opened.push(page);
  await eventually(async () => expect(new Set(await heartRates(page))).toContain('70'));
  return page;
};

const labels = (page: Page): Promise<string[]> =>
  page.$$eval('.tile .bed', (beds) => beds.map((bed) => bed.textContent ?? ''));

const listed = (page: Page): Promise<string> =>
  page.$$eval('.item .place', (places) => places.map((each) => each.textContent).join());

/** The moments of an alarm, as they are stored. */
const newestAlarm = async (bed: string): Promise<Record<string, string | null>> => {
  const response = await fetch(`${station.addresses().http}/api/v1/alarms?bed=${bed}&limit=1`, {
    headers: { authorization: `Bearer ${await station.token('viewer')}` },
  });
  return (await response.json()).alarms[0];
};

/** Runs in the page: remembers, by the page's clock, when a frame came, and when the link was seen to be lost and values to be blank. */
const rememberLink = (): void => {
  const stamps = { heardAt: 0, lostAt: 0, blankAt: 0 };
  Object.assign(window, { stamps });
  const Real = WebSocket;
  window.WebSocket = class extends Real {
    constructor(url: string | URL) {
      super(url);
      this.addEventListener('message', () => {
        Object.assign(stamps, { heardAt: performance.now(), lostAt: 0, blankAt: 0 });
      });
    }
  };
  const look = (): void => {
    if (document.querySelector('.link-banner')) stamps.lostAt ||= performance.now();
    const values = [...document.querySelectorAll('.cell-rate .value')];
    if (values.length > 0 && values.every((value) => value.textContent === '--')) stamps.blankAt ||= performance.now();
  };
  addEventListener('DOMContentLoaded', () =>
    new MutationObserver(look).observe(document.body, { subtree: true, childList: true, characterData: true }),
  );
};

/** Nothing races any more, and every alarm of it has been seen and is gone. */
const quiet = async (): Promise<void> => {
  racing.clear();
  const headers = { authorization: `Bearer ${await station.token('operator')}` };
  const api = `${station.addresses().http}/api/v1`;
  await eventually(async () => {
    const active = await (await fetch(`${api}/alarms/active`, { headers })).json();
    const ids: string[] = active.beds.flatMap((bed: { alarms: { id: string }[] }) => bed.alarms.map(({ id }) => id));
    await Promise.all(ids.map((id) => fetch(`${api}/alarms/${id}/acknowledge`, { method: 'POST', headers })));
    expect(ids).toEqual([]);
  });
};

type Stamps = { readonly heardAt: number; readonly lostAt: number; readonly blankAt: number };
const stampsOf = (page: Page): Promise<Stamps> => page.evaluate(() => (window as unknown as { stamps: Stamps }).stamps);

describe.skipIf(!hasBrowser)(`the screens${whyNoBrowser}`, () => {
  beforeAll(async () => {
    const database = await createTestDatabase();
    releases.push(database.drop);
    station = await createTestStation({ databaseUrl: database.url });
    releases.push(station.dispose);
    await station.start();
    beds = await createTestBeds({ station, count: BEDS });
    releases.push(beds.stop);
    const publishing = setInterval(publish, 1_000);
    releases.push(() => clearInterval(publishing));
    browser = await launchBrowser();
    releases.push(() => browser.close());
  });

  afterAll(async () => {
    for (const release of releases.splice(0).reverse()) await release();
  });

  beforeEach(async () => {
    faults = [];
    await quiet();
  });

  afterEach(async () => {
    for (const page of opened.splice(0)) await page.context().close();
    expect(faults).toEqual([]);
  });

  test('an alarm is shown after it is published, by the stamps that are kept of it', async () => {
    const page = await open();
    const delaysMs: number[] = [];
    for (const place of [0, 1, 2]) {
      racing.add(place);
      const bed = `bed-${place + 1}`;
      await eventually(async () => expect((await newestAlarm(bed))?.shownAt).toMatch(/^2/));
      const { publishedAt, shownAt, receivedAt } = await newestAlarm(bed);
      const at = (time: string | null | undefined): number => Date.parse(time ?? '');
      expect(at(shownAt)).toBeGreaterThanOrEqual(at(publishedAt));
      delaysMs.push(at(shownAt) - at(receivedAt));
    }
    console.log(`reading received → alarm drawn by the screen: ${delaysMs.join(', ')} ms`);
    expect(await listed(page)).toContain('1');
  });

  test('the ground of an alarm of high priority flashes at a rate inside the table, measured on the screen', async () => {
    const page = await open();
    racing.add(0);
    await eventually(async () =>
      expect(await page.locator('.tile .ground-flash, .tile.ground-flash').count()).toBeGreaterThan(0),
    );
    const { periodsMs, shares } = await page.evaluate(async () => {
      const line = document.querySelector('.tile.ground-flash .alarm-line') as Element;
      const changes: { at: number; isOn: boolean }[] = [];
      const isOn = (): boolean => getComputedStyle(line, '::before').opacity === '1';
      let before = isOn();
      const until = performance.now() + 6_000;
      while (performance.now() < until) {
        await new Promise((resolve) => requestAnimationFrame(resolve));
        if (isOn() === before) continue;
        before = !before;
        changes.push({ at: performance.now(), isOn: before });
      }
      const ons = changes.filter((change) => change.isOn);
      const periodsMs = ons.slice(1).map(({ at }, place) => at - (ons[place]?.at ?? 0));
      const animation = document
        .getAnimations()
        .find((each) => each instanceof CSSAnimation && each.animationName === 'flash');
      const keyframes = animation?.effect instanceof KeyframeEffect ? animation.effect.getKeyframes() : [];
      return {
        periodsMs,
        shares: keyframes.filter(({ opacity }) => opacity === '0').map(({ computedOffset }) => computedOffset),
      };
    });
    const median = periodsMs.toSorted((a, b) => a - b)[Math.floor(periodsMs.length / 2)] ?? Number.NaN;
    console.log(`flash of high priority: ${(1_000 / median).toFixed(2)} Hz, the median of ${periodsMs.length} periods`);
    expect(1_000 / median).toBeGreaterThanOrEqual(HIGH_FLASH_HERTZ.least);
    expect(1_000 / median).toBeLessThanOrEqual(HIGH_FLASH_HERTZ.most);
    expect(shares).toEqual([0.5]);
  });

  describe('a link that is lost', () => {
    let link: FaultyLink;

    beforeEach(async () => {
      link = await createFaultyLink(station.addresses().http);
    });

    afterEach(() => link.stop());

    const expectLostInTime = async (page: Page): Promise<void> => {
      await eventually(async () => expect(await linkBanner(page)).toContain('LINK LOST'));
      await eventually(async () => expect(new Set(await heartRates(page))).toEqual(new Set(['--'])));
      const { heardAt, lostAt, blankAt } = await stampsOf(page);
      console.log(
        `last word → banner ${Math.round(lostAt - heardAt)} ms, values blank ${Math.round(blankAt - heardAt)} ms`,
      );
      for (const at of [lostAt, blankAt]) {
        expect(at - heardAt).toBeLessThan(LINK_LOST_AFTER_MS + LOOKS_EVERY_MS + SLACK_MS);
      }
    };

    const openThroughLink = async (): Promise<Page> => {
      const page = await open({ url: link.url, before: rememberLink });
      await page.evaluate(() => document.body.setAttribute('data-mark', 'same page'));
      return page;
    };

    const expectBackWithAlarm = async (page: Page): Promise<void> => {
      await eventually(async () => {
        expect(await linkBanner(page)).toBe('');
        expect(await heartRates(page)).toContain('70');
        expect(await page.locator('.item', { hasText: 'Extreme tachycardia' }).count()).toBeGreaterThan(0);
      });
      expect(await page.evaluate(() => document.body.getAttribute('data-mark'))).toBe('same page');
    };

    test('is said in time when it is cut, and what began meanwhile is there afterwards, without a reload', async () => {
      const page = await openThroughLink();
      link.down();
      await expectLostInTime(page);
      racing.add(4);
      await eventually(async () => expect((await newestAlarm('bed-5'))?.condition).toBe('extreme-tachycardia'));
      expect(await listed(page)).toBe('');
      link.up();
      await expectBackWithAlarm(page);
    });

    test('is said in time when it is frozen with the socket open, and is taken up again', async () => {
      const page = await openThroughLink();
      link.freeze();
      await expectLostInTime(page);
      racing.add(5);
      await eventually(async () => expect((await newestAlarm('bed-6'))?.condition).toBe('extreme-tachycardia'));
      link.thaw();
      await expectBackWithAlarm(page);
    });
  });

  test('more beds than fit are on pages, and an alarm of high priority brings its page', async () => {
    const page = await open();
    expect(await labels(page)).toHaveLength(ON_FIRST_PAGE);
    expect(await page.locator('.page-tab').allTextContents()).toEqual(['1 – 35', '36 – 70']);
    const scrolls = await page.evaluate(() => document.documentElement.scrollHeight > innerHeight);
    expect(scrolls).toBe(false);
    racing.add(60);
    await eventually(async () => expect(await labels(page)).toContain('61'));
    expect(await page.locator('.page-tab .shape-high').count()).toBe(1);
    expect(await listed(page)).toContain('61');
    await page.keyboard.press('PageUp');
    await eventually(async () => expect(await labels(page)).toContain('1'));
    expect(await listed(page)).toContain('61');
    expect(await page.getByRole('button', { name: /Held/ }).count()).toBe(1);
  });

  test('the units of a screen are those of its address, or those that were chosen on it', async () => {
    const { http } = station.addresses();
    const headers = { authorization: `Bearer ${await station.token('operator')}`, 'content-type': 'application/json' };
    const put = async (path: string, body: object): Promise<void> => {
      const response = await fetch(`${http}/api/v1/${path}`, { method: 'PUT', headers, body: JSON.stringify(body) });
      expect(response.ok).toBe(true);
    };
    await put('units/hdu', { name: 'High dependency' });
    await put('beds/hdu-1', { unit: 'hdu', label: 'HDU 1' });
    const page = await open();
    await page.goto(`${http}/wall?units=hdu`);
    await eventually(async () => expect(await labels(page)).toEqual(['HDU 1']));
    expect(await page.locator('.units summary').textContent()).toBe('High dependency');
    racing.add(1);
    await eventually(async () => expect((await newestAlarm('bed-2'))?.condition).toBe('extreme-tachycardia'));
    expect(await listed(page)).toBe('');
    await page.goto(`${http}/beds/bed-2`);
    await eventually(async () => expect(await listed(page)).toContain('2'));
    await page.goto(`${http}/wall`);
    await eventually(async () => expect(await labels(page)).toEqual(['HDU 1']));
    await page.locator('.units summary').click();
    await page.getByLabel('All units').check();
    await eventually(async () => expect(await listed(page)).toContain('2'));
    await page.reload();
    await eventually(async () => expect(await labels(page)).toContain('1'));
  });

  test('by night an alarm is as bright as by day, and the rest is not', async () => {
    const page = await open();
    racing.add(0);
    const colours = async () => {
      await eventually(async () => expect(await page.locator('.tile.ground-flash').count()).toBe(1));
      const of = (place: string, property: string, pseudo?: string): Promise<string> =>
        page
          .locator(place)
          .first()
          .evaluate(
            (element, [name, before]) => getComputedStyle(element, before).getPropertyValue(name ?? ''),
            [property, pseudo],
          );
      return {
        ground: await of('.tile.ground-flash .alarm-line', 'background-color', '::before'),
        alarming: await of('.tile.ground-flash .cell-rate', 'color'),
        calm: await of('.tile:not(.has-alarm) .cell-rate', 'color'),
      };
    };
    const day = await colours();
    await page.keyboard.press('n');
    await eventually(async () => expect((await colours()).calm).not.toBe(day.calm));
    expect(await colours()).toMatchObject({ ground: day.ground, alarming: day.alarming });
  });

  test('a page of another version than the station loads itself anew, with its sound, once no alarm waits', async () => {
    const page = await open({ role: 'operator' });
    await page.keyboard.press('s');
    await eventually(async () => expect(await page.getByRole('button', { name: /Sound on/ }).count()).toBe(1));
    const mark = () => page.evaluate(() => document.body.getAttribute('data-mark'));
    await page.evaluate(() => document.body.setAttribute('data-mark', 'old page'));
    racing.add(7);
    await eventually(async () => expect(await listed(page)).toContain('8'));
    // The same as an upgrade, to the page: the next welcome names another version.
    await page.evaluate(() => {
      const Real = WebSocket.prototype;
      const held = Object.getOwnPropertyDescriptor(Real, 'onmessage');
      Object.defineProperty(Real, 'onmessage', {
        ...held,
        set(listener) {
          held?.set?.call(
            this,
            listener &&
              ((event: MessageEvent) =>
                listener.call(
                  this,
                  new MessageEvent('message', { data: event.data.replace(/"version":"[^"]*"/, '"version":"next"') }),
                )),
          );
        },
      });
    });
    await station.kill();
    await eventually(async () => expect(await linkBanner(page)).toContain('LINK LOST'));
    await station.start();
    await eventually(async () => expect(await listed(page)).toContain('8'));
    expect(await mark()).toBe('old page');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('a');
    await page.keyboard.press('Escape');
    await quiet();
    await eventually(async () =>
      expect(await page.locator('.item:not(.ground-quiet):not(.ground-outline)').count()).toBe(0),
    );
    await eventually(async () => expect(await mark()).toBe(null));
    await eventually(async () => expect(new Set(await heartRates(page))).toContain('70'));
    console.log(`sound after the load: ${await page.locator('.sound').textContent()}`);
    // Escape would not count as a person's touch.
    await page.keyboard.press('h');
    await eventually(async () => expect(await page.getByRole('button', { name: /Sound on/ }).count()).toBe(1));
  });
});
