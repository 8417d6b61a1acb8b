import { existsSync } from 'node:fs';
import { type Browser, chromium, type Page } from 'playwright-core';
import type { Role } from '#contracts/roles.ts';
import { systemClock } from '#platform/clock.ts';
import { readOrCreateSecret } from '#platform/secrets.ts';
import { createTokens } from '#platform/tokens.ts';
import type { TestStation } from './station.ts';

/** Screens in a real browser, signed in to a station. */

export const CHROMIUM = process.env.CHROMIUM ?? '/usr/bin/chromium';

export const hasBrowser = existsSync(CHROMIUM);

/** Text to put behind the name of a test that needs a browser. */
export const whyNoBrowser = hasBrowser ? '' : ` (skipped: no browser at ${CHROMIUM}, set CHROMIUM)`;

/** Chromium's sandbox refuses root. */
export const launchBrowser = (args: readonly string[] = []): Promise<Browser> =>
  chromium.launch({
    executablePath: CHROMIUM,
    chromiumSandbox: process.getuid?.() !== 0,
    args: ['--disable-background-networking', ...args],
  });

/** `url`: what the browser is to use instead of the station's own address. */
export const signInLink = async (station: TestStation, role: Role = 'viewer', url?: string): Promise<string> => {
  const tokens = createTokens({ key: await readOrCreateSecret(station.dataDir, 'token.key'), clock: systemClock });
  const code = await tokens.issue({ name: 'wall', role, kind: 'link', expiresInMs: 600_000 });
  return `${url ?? station.addresses().http}/sign-in?code=${code}`;
};

type Opening = {
  readonly browser: Browser;
  readonly station: TestStation;
  readonly role?: Role;
  readonly url?: string;
  readonly width?: number;
  readonly height?: number;
  readonly locale?: string;
  /** Runs in the page before its own script. */
  readonly before?: () => void;
};

/** Every error that the page throws, and every one that the browser writes to its console: a refused script or request. */
export const gatherFaults = (page: Page, faults: string[]): void => {
  page.on('pageerror', (error) => faults.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') faults.push(`${message.text()} (${message.location().url})`);
  });
};

/** A screen of its own, with cookies of its own. `faults` gathers what the page reports. */
export const openPage = async (
  { browser, station, role, url, width = 1_920, height = 1_080, locale = 'en', before }: Opening,
  faults: string[],
): Promise<Page> => {
  const page = await browser.newPage({ viewport: { width, height }, locale });
  page.on('pageerror', (error) => faults.push(error.message));
  if (before) await page.addInitScript(before);
  await page.goto(await signInLink(station, role, url));
  return page;
};

export const linkBanner = (page: Page): Promise<string> =>
  page.$$eval('.link-banner', (banners) => banners.map((each) => each.textContent).join());

/** The large number of each bed. */
export const heartRates = (page: Page): Promise<string[]> =>
  page.$$eval('.cell-rate .value', (values) => values.map((value) => value.textContent ?? ''));
