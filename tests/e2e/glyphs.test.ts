import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hasBrowser, launchBrowser, whyNoBrowser } from '../support/browser.ts';
import { glyphFaults } from '../support/glyph-faults.ts';
import { LOOK_NAMES, stagedUnit } from '../support/staged-beds.ts';
import { type StagedWard, stageWard } from '../support/staged-ward.ts';

/** Numbers and alarms as they are drawn by a real browser: nothing lies over a digit, and no name is cut off. */

const SIZES = [
  { width: 360, height: 800 },
  { width: 768, height: 1_024 },
  { width: 1_366, height: 768 },
  { width: 1_920, height: 1_080 },
  { width: 3_840, height: 2_160 },
] as const;

const LOCALES = ['en', 'zh-CN'] as const;

/** Numbers of beds, with all looks together, on wards from small to full. */
const COUNTS = [2, 7, 16, 64] as const;

let browser: Browser;

const isDrawn = async (page: Page, beds: number): Promise<void> => {
  await page.waitForSelector(`.tile:nth-child(${beds}) .cell-temperature .value`, { state: 'attached' });
};

/** Two frames later what was put is on the page, and has been measured by it. */
const settle = (page: Page): Promise<void> =>
  page.evaluate(
    () =>
      new Promise<void>((done) =>
        setTimeout(() => requestAnimationFrame(() => requestAnimationFrame(() => done())), 260),
      ),
  );

describe.skipIf(!hasBrowser)(`what is drawn${whyNoBrowser}`, () => {
  beforeAll(async () => {
    browser = await launchBrowser();
  });

  afterAll(() => browser.close());

  const withWard = async (
    locale: string,
    role: 'viewer' | 'operator',
    look: (page: Page, ward: StagedWard) => Promise<void>,
  ): Promise<void> => {
    const page = await browser.newPage({ locale });
    const ward = await stageWard(page, { role });
    try {
      await look(page, ward);
    } finally {
      ward.stop();
      await page.close();
    }
  };

  describe.each(SIZES)('at $width × $height', (viewport) => {
    describe.each(LOCALES)('in %s', (locale) => {
      test('covers no digit, in any state of a wall by day or night', () =>
        withWard(locale, 'operator', async (page, ward) => {
          await page.setViewportSize(viewport);
          await ward.open('/wall?night=day', [stagedUnit(1)]);
          const faults: string[] = [];
          const look = async (what: string, count: number): Promise<void> => {
            await isDrawn(page, count);
            await settle(page);
            faults.push(...(await glyphFaults(page)).map((fault) => `${what}: ${fault}`));
          };
          for (const name of LOOK_NAMES) {
            ward.put([stagedUnit(1, [name])]);
            await look(name, 1);
          }
          for (const count of COUNTS) {
            ward.put([stagedUnit(count)]);
            await look(`${count} beds`, Math.min(count, 2));
          }
          await page.keyboard.press('n');
          await look('by night', 2);
          expect(faults.slice(0, 20)).toEqual([]);
        }));

      test('covers no digit, in any state of a bed that is looked at closely', () =>
        withWard(locale, 'operator', async (page, ward) => {
          await page.setViewportSize(viewport);
          const faults: string[] = [];
          await ward.open('/beds/bed-1', [stagedUnit(1)]);
          for (const look of LOOK_NAMES) {
            ward.put([stagedUnit(1, [look])]);
            await page.waitForSelector('.bed-page .value');
            await settle(page);
            faults.push(...(await glyphFaults(page)).map((fault) => `${look}: ${fault}`));
          }
          expect(faults.slice(0, 20)).toEqual([]);
        }));
    });
  });
});
