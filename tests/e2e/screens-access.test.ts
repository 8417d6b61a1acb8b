import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { AxeResults } from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestBeds, type TestBeds } from '../support/beds.ts';
import { hasBrowser, launchBrowser, openPage, whyNoBrowser } from '../support/browser.ts';
import { createTestDatabase } from '../support/database.ts';
import { eventually } from '../support/eventually.ts';
import { createTestStation, type TestStation } from '../support/station.ts';

/** Every page, in both languages, on a phone and on a wall: no serious fault by axe-core, nothing cut off, one language at a time. */

const RACING = 150;
const LOW = 45;

const PAGES = [
  { name: 'wall', path: '/wall' },
  { name: 'bed view', path: '/beds/bed-1' },
  { name: 'alarm review', path: '/alarms' },
  { name: 'administration', path: '/admin' },
  { name: 'who is signed in', path: '/sessions' },
  { name: 'device', path: '/devices/bed-monitor-1' },
] as const;

const SIZES = [
  { width: 360, height: 740 },
  { width: 1_920, height: 1_080 },
] as const;

const LOCALES = ['en', 'zh-CN'] as const;

const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

const axeSource = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

const releases: (() => Promise<unknown> | unknown)[] = [];
let station: TestStation;
let beds: TestBeds;
let browser: Browser;

const publish = (): void => {
  const time = Date.now();
  const rates = [RACING, LOW, 70, 71];
  for (const [place, client] of beds.clients.entries()) {
    client.publishVitals({ time, vitals: { 'heart-rate': rates[place] ?? 70, spo2: 97, 'respiratory-rate': 15 } });
  }
};

/** The page with its own content, and the alarms of the ward around it. */
const openAt = async (path: string, options: Partial<Parameters<typeof openPage>[0]>): Promise<Page> => {
  const faults: string[] = [];
  const page = await openPage({ browser, station, role: 'operator', ...options }, faults);
  await page.goto(`${station.addresses().http}${path}`);
  await eventually(async () => {
    expect(await page.locator('.item').count()).toBeGreaterThan(0);
    expect(await page.locator('main.empty').count()).toBe(0);
  });
  expect(faults).toEqual([]);
  return page;
};

const audit = async (page: Page): Promise<string[]> => {
  await page.evaluate(axeSource);
  const results = await page.evaluate(
    (tags) =>
      (window as unknown as { axe: { run: (options: object) => Promise<AxeResults> } }).axe.run({
        runOnly: { type: 'tag', values: tags },
        resultTypes: ['violations'],
      }),
    RULES,
  );
  return results.violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(
      ({ id, nodes }) =>
        `${id}: ${nodes
          .map(({ target }) => target.join(' '))
          .slice(0, 5)
          .join(' | ')}`,
    );
};

// biome-ignore lint/performance/useDomNodeTextContent: what is hidden does not count
const visibleText = (page: Page): Promise<string> => page.locator('body').innerText();

const HAN = /\p{Script=Han}/u;

describe.skipIf(!hasBrowser)(`the pages${whyNoBrowser}`, () => {
  beforeAll(async () => {
    const database = await createTestDatabase();
    releases.push(database.drop);
    station = await createTestStation({ databaseUrl: database.url });
    releases.push(station.dispose);
    await station.start();
    beds = await createTestBeds({ station, count: 4 });
    releases.push(beds.stop);
    const publishing = setInterval(publish, 1_000);
    releases.push(() => clearInterval(publishing));
    browser = await launchBrowser();
    releases.push(() => browser.close());
  });

  afterAll(async () => {
    for (const release of releases.splice(0).reverse()) await release();
  });

  describe.each(PAGES)('$name', ({ path }) => {
    test.each(SIZES.flatMap((size) => LOCALES.map((locale) => ({ ...size, locale }))))(
      'has no serious fault at $width × $height in $locale, and no more width than the screen',
      async ({ width, height, locale }) => {
        const page = await openAt(path, { width, height, locale });
        expect(await audit(page)).toEqual([]);
        expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
        await page.context().close();
      },
    );

    test('speaks the other language at once', async () => {
      const page = await openAt(path, {});
      const OTHER = '中文';
      expect((await visibleText(page)).replaceAll(OTHER, '')).not.toMatch(HAN);
      const headings = () =>
        page.$$eval('main h1, main h2, main h3, main button, main label, main th', (found) =>
          found.map((each) => each.textContent ?? '').filter((text) => /\p{L}{3}/u.test(text)),
        );
      const english = await headings();
      await page.keyboard.press('l');
      await eventually(async () => {
        expect(await visibleText(page)).toMatch(HAN);
        const chinese = await headings();
        expect(english.filter((text) => chinese.includes(text))).toEqual([]);
      });
      await page.context().close();
    });
  });
});
