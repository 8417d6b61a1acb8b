/**
 * Signs in to a running demo with Chromium, waits until every bed shows live numbers that move, and takes a picture.
 *
 *   node --import tsx tests/support/look-at-wall.ts SIGN_IN_LINK PICTURE.png
 *
 * CHROMIUM names another browser than /usr/bin/chromium. Exits with 1 and says what it saw when the wall is not live,
 * or when the browser's console has an error: also a page that looks right must have none.
 */
import type { Page } from 'playwright-core';
import { gatherFaults, launchBrowser } from './browser.ts';

const BEDS = 16;
const PATIENCE_MS = 60_000;

/** The numbers of each bed that are shown as live. */
const liveNumbers = (page: Page): Promise<string[][]> =>
  page.$$eval('article.tile', (tiles) =>
    tiles.map((tile) =>
      [...tile.querySelectorAll('.cell.tone-live .value')]
        .map((value) => value.textContent ?? '')
        .filter((text) => /\d/.test(text)),
    ),
  );

/** Resolves when it holds; rejects with what was there instead. */
const until = async (page: Page, what: string, holds: (beds: string[][]) => boolean): Promise<string[][]> => {
  const givesUpAt = Date.now() + PATIENCE_MS;
  for (;;) {
    const beds = await liveNumbers(page);
    if (holds(beds)) return beds;
    if (Date.now() > givesUpAt) throw new Error(`${what}: not so after ${PATIENCE_MS} ms, but ${JSON.stringify(beds)}`);
    await page.waitForTimeout(200);
  }
};

const [link, picture] = process.argv.slice(2);
if (!link || !picture) throw new Error('usage: look-at-wall.ts SIGN_IN_LINK PICTURE.png');

const browser = await launchBrowser();
try {
  const page = await browser.newPage({ viewport: { width: 1920, height: 1080 } });
  const faults: string[] = [];
  gatherFaults(page, faults);
  await page.goto(link);
  const isLive = (beds: string[][]) => beds.length === BEDS && beds.every((numbers) => numbers.length >= 3);
  const first = await until(page, `${BEDS} beds with three live numbers each`, isLive);
  await until(page, 'numbers that move', (beds) => isLive(beds) && JSON.stringify(beds) !== JSON.stringify(first));
  // One whole sweep of the waveforms, for the picture.
  await page.waitForTimeout(6_000);
  await page.screenshot({ path: picture });
  await until(page, 'still live after the picture', isLive);
  if (faults.length > 0) throw new Error(`the page reported: ${faults.join('; ')}`);
  console.log(`${BEDS} beds are live; picture in ${picture}`);
} finally {
  await browser.close();
}
