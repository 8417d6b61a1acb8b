/**
 * Signs in to a running demo as an operator, waits until an alarm is open, and takes pictures of every page in both languages.
 *
 *   npm run screenshots -- SIGN_IN_LINK [FOLDER]
 *
 * CHROMIUM names another browser than /usr/bin/chromium. With pngquant installed the pictures are a third of the size.
 */
import { spawnSync } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { launchBrowser } from './browser.ts';

const SIZES = [
  { name: '360', width: 360, height: 740 },
  { name: '1080p', width: 1_920, height: 1_080 },
  { name: '4k', width: 3_840, height: 2_160 },
] as const;

const LANGUAGES = ['en', 'zh'] as const;

const PATIENCE_MS = 600_000;

/** One whole sweep of the waveforms, and answers to what the page asked for. At a bed a sweep is as long as the screen is wide. */
const SETTLE_MS = 7_000;
const BED_SETTLE_MS = 32_000;

const pages = (bed: string, device: string) => [
  { name: 'wall', path: '/wall', settleMs: SETTLE_MS },
  { name: 'bed', path: bed, settleMs: BED_SETTLE_MS },
  { name: 'alarms', path: '/alarms', settleMs: SETTLE_MS },
  { name: 'admin', path: '/admin', settleMs: SETTLE_MS },
  { name: 'sessions', path: '/sessions', settleMs: SETTLE_MS },
  { name: 'device', path: device, settleMs: SETTLE_MS },
];

/** The address of the bed with the most urgent alarm, once there is one. */
const alarmingBed = async (page: Page): Promise<string> => {
  await page.locator('.tile.has-alarm').first().waitFor({ timeout: PATIENCE_MS });
  for (const priority of ['high', 'medium', 'low']) {
    const bed = page.locator(`.tile.frame-${priority} a.bed`).first();
    if ((await bed.count()) > 0) return (await bed.getAttribute('href')) ?? '/wall';
  }
  return '/wall';
};

/** The address of one device, with what is told of it from now on. */
const someDevice = async (page: Page, link: string): Promise<string> => {
  await page.goto(new URL('/admin?section=devices', link).href);
  const device = page.locator('.admin-row .admin-lead a').first();
  await device.waitFor();
  return (await device.getAttribute('href')) ?? '/admin';
};

const reduce = (picture: string): void => {
  spawnSync('pngquant', ['--force', '--skip-if-larger', '--ext', '.png', '--speed', '1', '96', picture]);
};

const [link, folder = 'docs/screens'] = process.argv.slice(2);
if (!link) throw new Error('usage: screenshots.ts SIGN_IN_LINK [FOLDER]');
await mkdir(folder, { recursive: true });
const browser = await launchBrowser();
try {
  const page = await browser.newPage({ viewport: SIZES[1] });
  await page.goto(link);
  const bed = await alarmingBed(page);
  const device = await someDevice(page, link);
  for (const { name, path, settleMs } of pages(bed, device)) {
    for (const size of SIZES) {
      await page.setViewportSize(size);
      for (const language of LANGUAGES) {
        await page.goto(new URL(`${path}?lang=${language}`, link).href);
        await page.locator('main:not(.empty)').waitFor();
        await page.waitForTimeout(settleMs);
        const picture = join(folder, `${name}-${size.name}-${language}.png`);
        await page.screenshot({ path: picture });
        reduce(picture);
        console.log(picture);
      }
    }
  }
} finally {
  await browser.close();
}
