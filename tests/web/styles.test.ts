import { describe, expect, it } from 'vitest';
import { VITAL_IDS, vital } from '#domain/vitals.ts';
import { FLASH_ANIMATION } from '../../web/shell/flash.ts';
import { readSheet as read, sheetsIn } from './sheets.ts';

const SHEETS = sheetsIn('shell', 'wall');

const tokens = new Map(
  [...read('shell/styles/tokens.css').matchAll(/--([a-z-]+):\s*([^;]+);/g)].map(([, name = '', value = '']) => [
    name,
    value,
  ]),
);

const token = (name: string): string => {
  const value = tokens.get(name);
  if (value === undefined) throw new Error(`no token --${name}`);
  return value;
};

/** IEC 60601-1-8 Table 2. */
const FLASH_HERTZ = { high: [1.4, 2.8], medium: [0.4, 0.8] } as const;
const DUTY_PERCENT = [20, 60] as const;

describe('flashing', () => {
  it.each(['high', 'medium'] as const)('of %s priority lies inside the table', (priority) => {
    const periodMs = Number(/^(\d+)ms$/.exec(token(`flash-${priority}`))?.[1]);
    const [min, max] = FLASH_HERTZ[priority];
    expect(1_000 / periodMs).toBeGreaterThanOrEqual(min);
    expect(1_000 / periodMs).toBeLessThanOrEqual(max);
  });

  it('is not known to low priority', () => {
    expect(tokens.has('flash-low')).toBe(false);
    expect(/\.alarm-low \{[^}]*--flash/.test(read('shell/styles/signals.css'))).toBe(false);
  });

  it('is on for a share of the period that lies inside the table, and falls off at once', () => {
    const css = read('shell/styles/signals.css');
    const keyframes = new RegExp(
      `@keyframes ${FLASH_ANIMATION} \\{\\s*0% \\{\\s*opacity: 1;\\s*\\}\\s*(\\d+)% \\{\\s*opacity: 0;`,
    );
    const onPercent = Number(keyframes.exec(css)?.[1]);
    expect(onPercent).toBeGreaterThanOrEqual(DUTY_PERCENT[0]);
    expect(onPercent).toBeLessThanOrEqual(DUTY_PERCENT[1]);
    const animations = [...css.matchAll(/animation: (flash [^;]+);/g)].map(([, value]) => value);
    expect(animations.length).toBeGreaterThan(1);
    for (const animation of animations) expect(animation).toMatch(/^flash var\(--[a-z-]*flash\) step-end infinite$/);
  });

  it('stands still for those who asked for that', () => {
    expect(read('shell/styles/signals.css')).toMatch(/prefers-reduced-motion: reduce\) \{[^@]*animation: none;/);
  });
});

const channel = (value: number): number => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);

const luminance = (colour: string): number => {
  const hex = colour.replace('#', '');
  const [red, green, blue] = (hex.length === 3 ? [...hex].map((digit) => digit + digit) : (hex.match(/../g) ?? [])).map(
    (pair) => channel(Number.parseInt(pair, 16) / 255),
  );
  return 0.2126 * (red ?? Number.NaN) + 0.7152 * (green ?? Number.NaN) + 0.0722 * (blue ?? Number.NaN);
};

const contrast = (a: string, b: string): number => {
  const [dark = 0, bright = 0] = [luminance(a), luminance(b)].sort((one, other) => one - other);
  return (bright + 0.05) / (dark + 0.05);
};

/** WCAG 2.2, 1.4.3 for text and 1.4.11 for signs. */
const TEXT = 4.5;
const SIGN = 3;

describe('contrast', () => {
  it.each(['high', 'medium', 'low'])('of the words of %s priority holds on and between the flashes', (priority) => {
    const dim = tokens.get(`${priority}-dim`) ?? token(priority);
    expect(contrast(token(`${priority}-ink`), token(priority))).toBeGreaterThanOrEqual(TEXT);
    expect(contrast(token(`${priority}-ink`), dim)).toBeGreaterThanOrEqual(TEXT);
    expect(priority === 'low' ? contrast(token('low'), token('low-quiet')) : TEXT).toBeGreaterThanOrEqual(TEXT);
    expect(contrast(token('text'), token(`${priority}-quiet`))).toBeGreaterThanOrEqual(TEXT);
  });

  it.each(['high', 'medium', 'low'])('of the shape and frame of %s priority holds on every ground', (priority) => {
    for (const ground of ['ground', 'tile', `${priority}-quiet`]) {
      expect(contrast(token(priority), token(ground))).toBeGreaterThanOrEqual(SIGN);
    }
  });

  it('of a flash and what is between two of them can be seen', () => {
    expect(contrast(token('high'), token('high-dim'))).toBeGreaterThan(2);
    expect(contrast(token('medium'), token('medium-dim'))).toBeGreaterThan(2);
  });

  it('of plain words and of numbers holds', () => {
    for (const ground of ['ground', 'tile', 'head']) {
      for (const words of ['text', 'dim']) {
        expect(contrast(token(words), token(ground))).toBeGreaterThanOrEqual(TEXT);
      }
    }
    for (const id of VITAL_IDS) expect(contrast(vital(id).colour, token('tile'))).toBeGreaterThanOrEqual(TEXT);
  });

  it('is enough by night, too', () => {
    for (const ground of ['ground', 'tile', 'night-head', 'night-line']) {
      for (const words of ['night-text', 'night-dim']) {
        expect(contrast(token(words), token(ground))).toBeGreaterThanOrEqual(TEXT);
      }
    }
    const share = Number.parseInt(token('night-share'), 10) / 100;
    const dimmed = (colour: string): string =>
      `#${[1, 3, 5]
        .map((at) =>
          Math.round(share * Number.parseInt(colour.slice(at, at + 2), 16))
            .toString(16)
            .padStart(2, '0'),
        )
        .join('')}`;
    for (const id of VITAL_IDS) expect(contrast(dimmed(vital(id).colour), token('tile'))).toBeGreaterThanOrEqual(TEXT);
  });
});

describe('the style sheets', () => {
  it('take every colour from the tokens', () => {
    const sheets = SHEETS.filter((path) => !path.endsWith('tokens.css'));
    expect(sheets.length).toBeGreaterThan(4);
    const strays = sheets.flatMap((name) =>
      [...read(name).matchAll(/#[0-9a-f]{3,8}\b|\b(?:rgb|hsl|oklch)a?\(|:\s*(?:white|black|red|yellow|cyan)\b/gi)].map(
        ([found]) => `${name}: ${found}`,
      ),
    );
    expect(strays).toEqual([]);
  });

  it('use no token that there is not', () => {
    const own = new Set(['u', 'gap', 'columns', 'rows', 'row', 'colour', 'share', 'frame', 'shape', 'shape-ink']);
    const used = SHEETS.flatMap((name) => [...read(name).matchAll(/var\(--([a-z-]+)/g)].map(([, at = '']) => at));
    const unknown = used.filter(
      (name) => !tokens.has(name) && !own.has(name) && !/^(signal|flash|frame-flash)/.test(name),
    );
    expect([...new Set(unknown)]).toEqual([]);
  });
});
