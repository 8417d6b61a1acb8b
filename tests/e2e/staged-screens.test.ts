import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type AlarmOverrides, resolveConfig } from '#domain/alarms/settings.ts';
import { hasBrowser, launchBrowser, whyNoBrowser } from '../support/browser.ts';
import { eventually } from '../support/eventually.ts';
import { stagedUnit } from '../support/staged-beds.ts';
import { type StagedApi, type StagedWard, stageWard } from '../support/staged-ward.ts';

/** What a person sees and does in a real browser, of wards that a test makes up. */

const NEW_STATION = {
  en: { steps: /Add a unit/, title: 'No units yet', live: 'Live' },
  'zh-CN': { steps: /添加科室/, title: '尚无科室', live: '实时' },
} as const;

/** The settings of the one stay there is, as the station keeps and guards them. */
const createSettingsApi = () => {
  let version = 7;
  let overrides: AlarmOverrides = {};
  let author = 'Ann';
  const save = (next: AlarmOverrides, by: string): void => {
    version += 1;
    overrides = next;
    author = by;
  };
  const stay = () => ({
    version,
    unit: null,
    ageGroup: null,
    encounter: 5,
    overrides,
    reason: 'COPD',
    author,
    createdAt: '2026-11-25T03:00:00Z',
  });
  const nothing = {
    version: null,
    unit: null,
    ageGroup: 'adult',
    encounter: null,
    overrides: {},
    reason: null,
    author: null,
    createdAt: null,
  };
  const encounter = { id: 5, patient: 1, bed: 'bed-1', start: '2026-11-24T03:00:00Z', end: null };
  const gets: Readonly<Record<string, () => unknown>> = {
    'encounters?bed=bed-1&open=true': () => [encounter],
    'encounters/5/alarm-settings': stay,
    'units/icu/alarm-settings/adult': () => nothing,
    'beds/bed-1/alarm-settings': () => resolveConfig('adult', undefined, { version, overrides }),
  };
  const tag = (): string => `"${version}.0.adult"`;
  const api: StagedApi = ({ method, path, headers, body }) => {
    if (method === 'GET') return gets[path] && { headers: { etag: tag() }, json: gets[path]() };
    if (method !== 'PUT' || path !== 'encounters/5/alarm-settings') return undefined;
    if (headers['if-match'] !== tag()) return { status: 412, json: { detail: 'no longer as it was read' } };
    save(JSON.parse(body ?? '{}').overrides, 'Ann');
    return { json: stay() };
  };
  return { api, save, overrides: () => overrides };
};

let browser: Browser;
let page: Page;
let ward: StagedWard | undefined;
let faults: string[];

const open = async (path: string, units: Parameters<StagedWard['open']>[1], api?: StagedApi): Promise<void> => {
  ward = await stageWard(page, { role: 'operator', ...(api ? { api } : {}) });
  await ward.open(path, units);
};

const boxOf = async (selector: string) => {
  const box = await page.locator(selector).first().boundingBox();
  if (!box) throw new Error(`nothing is drawn for ${selector}`);
  return { top: box.y, bottom: box.y + box.height, height: box.height };
};

describe.skipIf(!hasBrowser)(`the screens of a made-up ward${whyNoBrowser}`, () => {
  beforeAll(async () => {
    browser = await launchBrowser();
  });

  afterAll(() => browser.close());

  beforeEach(async () => {
    faults = [];
    page = await browser.newPage({ viewport: { width: 1_366, height: 768 }, locale: 'en', hasTouch: true });
    page.on('pageerror', (error) => faults.push(error.message));
  });

  afterEach(async () => {
    ward?.stop();
    await page.close();
    expect(faults).toEqual([]);
  });

  test('one line a bed stands in the banner, unanswered first, and what is out of sight is counted by priority', async () => {
    await open('/wall', [stagedUnit(40, ['acknowledged', 'latched', 'active', 'calm'])]);
    await page.waitForSelector('.item');
    const places = await page.$$eval('.item .place', (found) => found.map((each) => each.textContent ?? ''));
    expect(places).toHaveLength(30);
    expect(new Set(places).size).toBe(30);
    const tones = await page.$$eval('.item', (found) =>
      found.map((each) =>
        each.className.includes('ground-quiet') ? 'acknowledged' : each.querySelector('.over') ? 'over' : 'waits',
      ),
    );
    expect(tones).toEqual([...Array(10).fill('waits'), ...Array(10).fill('over'), ...Array(10).fill('acknowledged')]);
    const isInSight = await page.$$eval('.item', (found) => {
      const list = found[0]?.parentElement?.getBoundingClientRect();
      return found.map((each) => each.getBoundingClientRect().bottom <= (list?.bottom ?? 0) + 1);
    });
    const shown = isInSight.filter(Boolean).length;
    expect(shown).toBeGreaterThan(1);
    // Each bed that waits or is over has two alarms of high priority, two of medium and one of low.
    const hidden = 20 - shown;
    await eventually(async () =>
      expect(
        await page.$$eval('.hidden-items .more > span[aria-hidden]', (all) => all.map((one) => one.textContent)),
      ).toEqual([2 * hidden, 2 * hidden, hidden].map(String)),
    );
  });

  test.each([
    { locale: 'en', title: /All alarms \(150\)/ },
    { locale: 'zh-CN', title: /全部报警（150）/ },
  ])('every alarm is in a list that keys and touches open, in $locale', async ({ locale, title }) => {
    await page.close();
    page = await browser.newPage({ viewport: { width: 1_366, height: 768 }, locale, hasTouch: true });
    await open('/wall', [stagedUnit(40, ['acknowledged', 'latched', 'active', 'calm'])]);
    await page.waitForSelector('.item');
    await page.keyboard.press('m');
    await page.getByRole('heading', { name: title }).waitFor();
    expect(await page.locator('.all-alarms .item').count()).toBe(150);
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    expect(await page.locator('.all-alarms .selected').count()).toBe(1);
    await page.keyboard.press('Escape');
    await page.waitForSelector('.all-alarms', { state: 'detached' });
    await page.locator('.all-opener').tap();
    await page.getByRole('heading', { name: title }).waitFor();
    await page.locator('.all-alarms .item button').nth(3).tap();
    expect(await page.locator('.all-alarms .selected').count()).toBe(1);
  });

  test('on a phone the number, the answer and the wave of a red alarm stand in this order without scrolling', async () => {
    await page.setViewportSize({ width: 360, height: 640 });
    await open('/beds/bed-1', [stagedUnit(7, ['active'])]);
    await page.waitForSelector('.bed-page .value');
    const number = await boxOf('.bed-cell.alarm-high .value');
    const answer = await boxOf('.bed-alarm .bed-main');
    const wave = await boxOf('.bed-sweeps');
    const who = await boxOf('.bed-patient');
    expect(who.top).toBeGreaterThanOrEqual(0);
    expect(number.top).toBeGreaterThanOrEqual(who.bottom);
    expect(answer.top).toBeGreaterThanOrEqual(number.bottom);
    expect(answer.height).toBeGreaterThanOrEqual(44);
    expect(wave.top).toBeGreaterThanOrEqual(answer.bottom);
    expect(wave.top + 84).toBeLessThanOrEqual(640);
    expect(await page.evaluate(() => scrollY)).toBe(0);
    expect(
      await page
        .locator('.bed-cell')
        .first()
        .evaluate((cell) => getComputedStyle(cell).order),
    ).toBe('-6');
  });

  test('a limit is switched off only behind one more step, and asked twice', async () => {
    const posted: string[] = [];
    await open('/beds/bed-1', [stagedUnit(1, ['active'])], ({ method, body }) => {
      if (method === 'POST') posted.push(body ?? '');
      return method === 'POST' ? { json: {} } : undefined;
    });
    await page.waitForSelector('.bed-alarm');
    const off = page.getByRole('button', { name: 'Switch this limit off' });
    expect(await off.count()).toBe(0);
    await page.getByRole('button', { name: 'Why, and more' }).first().click();
    await off.click();
    expect(posted).toEqual([]);
    await page.getByRole('button', { name: /^Yes: no alarm of this limit/ }).click();
    await eventually(() => expect(posted.map((body) => JSON.parse(body))).toMatchObject([{ what: 'alarm-off' }]));
  });

  test('whose bed it is stays in sight, whatever is below', async () => {
    await open('/beds/bed-1?view=limits', [stagedUnit(1)], createSettingsApi().api);
    for (const tab of ['Trends', 'Recording', 'Limits', 'Notes', 'Export']) {
      await page.getByRole('button', { name: tab, exact: true }).click();
      await page.locator('.bed-page').evaluate((each) => each.scrollTo(0, each.scrollHeight));
      for (const words of ['.bed-head h2', '.bed-patient']) {
        const { top, bottom } = await boxOf(words);
        const { top: above } = await boxOf('.bed-page');
        expect(top).toBeGreaterThanOrEqual(above - 8);
        expect(bottom).toBeLessThan(300);
      }
      expect(await page.textContent('.bed-head')).toContain('Maria Lopez Gutierrez');
    }
  });

  test('limits are saved for a named patient, change by change, and never over what somebody else has saved', async () => {
    const settings = createSettingsApi();
    await open('/beds/bed-1?view=limits', [stagedUnit(1)], settings.api);
    const field = (name: string) => page.getByLabel(name, { exact: true });
    await field('Oxygen saturation, Low').fill('88');
    await page.getByRole('button', { name: 'Save for Maria Lopez Gutierrez: SpO₂ low 90 → 88', exact: true }).waitFor();
    await field('Heart rate, High').fill('130');
    const both = 'Save for Maria Lopez Gutierrez: HR high 120 → 130, SpO₂ low 90 → 88';
    await page.getByRole('button', { name: both, exact: true }).waitFor();
    await page.getByLabel(/^Reason for the change/).fill('COPD');

    settings.save({ vitals: { spo2: { low: 91 } } }, 'Dr Chen');
    await page.getByRole('button', { name: both }).click();
    await page.getByText(/Meanwhile Dr Chen has changed/).waitFor();
    expect(await page.textContent('.bed-meanwhile')).toContain('SpO₂ low 90 → 91');
    expect(settings.overrides()).toEqual({ vitals: { spo2: { low: 91 } } });
    expect(await field('Oxygen saturation, Low').inputValue()).toBe('88');

    await page.getByRole('button', { name: /HR high 120 → 130, SpO₂ low 91 → 88$/ }).click();
    await page.getByText('Saved for Maria Lopez Gutierrez: HR high 120 → 130, SpO₂ low 91 → 88. In force.').waitFor();
    expect(settings.overrides()).toEqual({ vitals: { spo2: { low: 88 }, 'heart-rate': { high: 130 } } });
    expect(await page.locator('.bed-meanwhile').count()).toBe(0);
  });

  test('beds that nobody watches are counted, and look unlike each other and unlike those that are calm', async () => {
    await open('/wall', [stagedUnit(6, ['calm', 'empty', 'no device', 'standby', 'not heard', 'spot'])]);
    await page.waitForSelector('.unwatched-count');
    expect((await page.textContent('.unwatched-count'))?.trim()).toBe('2 not watched');
    const looks = await page.$$eval('.tile', (tiles) =>
      tiles.map((tile) => {
        const watch = tile.querySelector('.watch');
        const { backgroundColor, borderStyle } = watch
          ? getComputedStyle(watch)
          : { backgroundColor: '', borderStyle: '' };
        return [watch?.textContent ?? '', backgroundColor, borderStyle, getComputedStyle(tile).borderStyle].join('|');
      }),
    );
    expect(new Set(looks).size).toBe(6);
    expect(looks.map((look) => look.split('|')[0]?.trim())).toEqual([
      '',
      'Empty',
      expect.stringMatching(/^NOT WATCHED\s*No device/),
      expect.stringMatching(/^Standby/),
      expect.stringMatching(/^NOT WATCHED\s*No data since connected/),
      expect.stringMatching(/^Spot readings\s*every 1 min/),
    ]);
  });

  test('standby is asked for by name, and then set', async () => {
    const posted: unknown[] = [];
    await open('/beds/bed-1', [stagedUnit(1)], ({ method, body }) => {
      if (method === 'POST') posted.push(JSON.parse(body ?? '{}'));
      return method === 'POST' ? { json: {} } : undefined;
    });
    await page.getByRole('button', { name: 'Standby', exact: true }).click();
    const dialog = page.getByRole('dialog', { name: 'Standby for Maria Lopez Gutierrez, ICU 1?' });
    expect(posted).toEqual([]);
    await dialog.getByRole('button', { name: 'Standby', exact: true }).click();
    await eventually(() => expect(posted).toEqual([{ what: 'standby' }]));
    ward?.put([stagedUnit(1, ['standby'])]);
    await page.getByRole('button', { name: 'End', exact: true }).waitFor();
    expect(await page.getByRole('button', { name: 'Standby', exact: true }).count()).toBe(0);
  });

  test.each(['en', 'zh-CN'] as const)('a new station is live, and says how to set it up, in %s', async (locale) => {
    await page.close();
    page = await browser.newPage({ locale });
    await open('/wall', []);
    const { steps, title, live } = NEW_STATION[locale];
    await page.getByRole('heading', { name: title }).waitFor();
    expect(await page.textContent('.set-up')).toMatch(steps);
    expect(await page.textContent('.link')).toBe(live);
    expect(await page.locator('.link-banner').count()).toBe(0);
  });
});
