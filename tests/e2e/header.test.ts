import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hasBrowser, launchBrowser, whyNoBrowser } from '../support/browser.ts';
import { stagedUnit } from '../support/staged-beds.ts';
import { stageWard } from '../support/staged-ward.ts';

/** The line at the top of every page: where room is short it goes on in another line, but no button's words do. */

const HEIGHT = 900;
const WIDTHS = [
  360, 412, 480, 600, 699, 700, 768, 834, 1_024, 1_200, 1_201, 1_280, 1_366, 1_440, 1_600, 1_920, 2_560, 3_840,
];

const PATHS = ['/wall', '/beds/bed-1', '/alarms', '/admin'] as const;
const LOCALES = ['en', 'zh-CN'] as const;

/** Runs in the page: what of the top line is on two lines, cut off by its own box, or out of the screen. */
const faultsOfTopLine = (): string[] => {
  const isSeen = (element: Element): boolean => element.checkVisibility();
  const words = (element: Element): string => (element.textContent ?? '').trim();
  const linesOf = (element: Element): number => {
    const range = document.createRange();
    range.selectNodeContents(element);
    const boxes = [...range.getClientRects()].filter(({ width, height }) => width > 0 && height > 0);
    // Signs and small letters in a line begin at another height, but share most of it.
    const lines: { top: number; bottom: number }[] = [];
    for (const { top, bottom } of boxes) {
      const middle = (top + bottom) / 2;
      if (!lines.some((line) => middle > line.top && middle < line.bottom)) lines.push({ top, bottom });
    }
    return lines.length;
  };
  return [...document.querySelectorAll<HTMLElement>('.top :is(button, .way, .link, summary, h1, .count, time)')]
    .filter(isSeen)
    .flatMap((element) => {
      const { left, right } = element.getBoundingClientRect();
      return [
        ...(linesOf(element) > 1 ? [`"${words(element)}" breaks`] : []),
        ...(element.scrollWidth > element.clientWidth ? [`"${words(element)}" is wider than its box`] : []),
        ...(left < 0 || right > innerWidth ? [`"${words(element)}" is out of the screen`] : []),
      ];
    });
};

/** Two frames later the page has its new shape. */
const settle = (page: Page): Promise<void> =>
  page.evaluate(() => new Promise<void>((done) => requestAnimationFrame(() => requestAnimationFrame(() => done()))));

let browser: Browser;

describe.skipIf(!hasBrowser)(`the top line${whyNoBrowser}`, () => {
  beforeAll(async () => {
    browser = await launchBrowser();
  });

  afterAll(() => browser.close());

  describe.each(LOCALES)('in %s', (locale) => {
    test.each(PATHS)('breaks no words of %s, at any width from 360 to 3,840 px', async (path) => {
      const page = await browser.newPage({ locale });
      const ward = await stageWard(page, { role: 'operator' });
      await page.setViewportSize({ width: 1_280, height: HEIGHT });
      const second = { ...stagedUnit(1), id: 'hdu', name: 'High dependency', beds: [], devices: [] };
      await ward.open(path, [stagedUnit(40), second]);
      await page.waitForSelector('.top .counts');
      const faults: string[] = [];
      for (const width of WIDTHS) {
        await page.setViewportSize({ width, height: HEIGHT });
        await settle(page);
        faults.push(...(await page.evaluate(faultsOfTopLine)).map((fault) => `${width} px: ${fault}`));
      }
      ward.stop();
      await page.close();
      expect(faults).toEqual([]);
    });
  });
});
