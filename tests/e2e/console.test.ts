import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestBeds, type TestBeds } from '../support/beds.ts';
import { gatherFaults, hasBrowser, launchBrowser, openPage, whyNoBrowser } from '../support/browser.ts';
import { createTestDatabase } from '../support/database.ts';
import { eventually } from '../support/eventually.ts';
import { createTestStation, type TestStation } from '../support/station.ts';

/**
 * What the browser says about the built pages, served with the headers of a real station: nothing. An error in the console
 * is a script that the content security policy refused, a request that failed, or an exception.
 */

const RACING = 150;

/** Every page, and every part of one that has an address. */
const PATHS = [
  '/wall',
  '/beds/bed-1',
  '/beds/bed-1?view=trends',
  '/beds/bed-1?view=recording',
  '/beds/bed-1?view=limits',
  '/beds/bed-1?view=notes',
  '/beds/bed-1?view=export',
  '/alarms',
  '/alarms?view=burden',
  '/alarms?view=monitors',
  '/alarms?view=what-if',
  '/alarms?view=settings',
  '/admin',
  '/admin?section=devices',
  '/admin?section=gateways',
  '/admin?section=patients',
  '/admin?section=units',
  '/sessions',
] as const;

const releases: (() => Promise<unknown> | unknown)[] = [];
let station: TestStation;
let beds: TestBeds;
let browser: Browser;

const publish = (): void => {
  const time = Date.now();
  for (const [place, client] of beds.clients.entries()) {
    client.publishVitals({ time, vitals: { 'heart-rate': place === 0 ? RACING : 70, spo2: 97 } });
  }
};

/** The page has its own content, and has nothing more to ask the station for. */
const isDrawn = async (page: Page): Promise<void> => {
  await page.waitForLoadState('networkidle');
  await eventually(async () => {
    expect(await page.locator('.item').count()).toBeGreaterThan(0);
    expect(await page.locator('main.empty').count()).toBe(0);
  });
};

describe.skipIf(!hasBrowser)(`the browser's console${whyNoBrowser}`, () => {
  beforeAll(async () => {
    const database = await createTestDatabase();
    releases.push(database.drop);
    station = await createTestStation({ databaseUrl: database.url });
    releases.push(station.dispose);
    await station.start();
    beds = await createTestBeds({ station, count: 2 });
    releases.push(beds.stop);
    const publishing = setInterval(publish, 1_000);
    releases.push(() => clearInterval(publishing));
    browser = await launchBrowser();
    releases.push(() => browser.close());
  });

  afterAll(async () => {
    for (const release of releases.splice(0).reverse()) await release();
  });

  test.each(PATHS)('has no error of %s', async (path) => {
    const faults: string[] = [];
    const page = await openPage({ browser, station, role: 'operator' }, []);
    gatherFaults(page, faults);
    await page.goto(`${station.addresses().http}${path}`);
    await isDrawn(page);
    expect(faults).toEqual([]);
    await page.context().close();
  });

  test('has an error when a page does what the policy forbids: the tests above would see it', async () => {
    const faults: string[] = [];
    const page = await openPage({ browser, station }, []);
    gatherFaults(page, faults);
    await page.evaluate(() => {
      const script = document.createElement('script');
      script.textContent = 'document.title = "ran"';
      document.head.append(script);
    });
    await eventually(() => expect(faults.join()).toContain('Content Security Policy'));
    expect(await page.title()).not.toBe('ran');
    await page.context().close();
  });
});
