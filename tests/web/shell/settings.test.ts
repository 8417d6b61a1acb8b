import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { isNight } from '../../../web/shell/night.ts';
import { createSettings } from '../../../web/shell/settings.ts';

const storage = () => {
  const kept = new Map<string, string>();
  return {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => kept.set(key, value),
  };
};

beforeEach(() => {
  vi.stubGlobal('sessionStorage', storage());
  vi.stubGlobal('localStorage', storage());
});

afterEach(() => {
  vi.unstubAllGlobals();
});

const settingsAt = (search: string, forget?: (name: string) => void) =>
  createSettings(new URLSearchParams(search), ['en'], forget);

describe('what a screen is set to', () => {
  it('is what its address says, before what was chosen earlier', () => {
    settingsAt('').setUnits(['hdu']);
    expect(settingsAt('').units.value).toEqual(['hdu']);
    expect(settingsAt('?units=icu,ward&night=hours&turn=30&lang=zh')).toMatchObject({
      units: { value: ['icu', 'ward'] },
      night: { value: 'hours' },
      language: { value: 'zh' },
      turnMs: 30_000,
    });
  });

  it('is kept by the window and not by the browser when its address said so', () => {
    settingsAt('?units=icu');
    expect(settingsAt('').units.value).toEqual(['icu']);
    vi.stubGlobal('sessionStorage', storage());
    expect(settingsAt('').units.value).toEqual([]);
  });

  it('is forgotten by the address once a person has chosen otherwise', () => {
    const forgotten: string[] = [];
    const settings = settingsAt('?units=icu&night=night', (name) => forgotten.push(name));
    settings.setUnits([]);
    settings.turnNight();
    expect(forgotten).toEqual(['units', 'night']);
    expect(settingsAt('').units.value).toEqual([]);
    expect(settingsAt('').night.value).toBe('hours');
  });

  it('is that of its window, where two of them hang beside each other', () => {
    settingsAt('').setUnits(['icu']);
    vi.stubGlobal('sessionStorage', storage());
    const second = settingsAt('');
    expect(second.units.value).toEqual(['icu']);
    second.setUnits(['hdu']);
    vi.stubGlobal('localStorage', { ...storage(), getItem: () => 'another' });
    expect(settingsAt('').units.value).toEqual(['hdu']);
  });

  it('has sense where the address has none', () => {
    expect(settingsAt('?turn=soon&night=always')).toMatchObject({ turnMs: 15_000, night: { value: 'day' } });
    expect(settingsAt('?turn=0').turnMs).toBe(5_000);
  });
});

describe('night', () => {
  const atHour = (hour: number) => new Date(2030, 0, 1, hour, 30).getTime();

  it('is by choice, or by the hour', () => {
    expect(isNight('night', atHour(12))).toBe(true);
    expect(isNight('day', atHour(2))).toBe(false);
    expect([21, 22, 23, 0, 5, 6, 12].map((hour) => isNight('hours', atHour(hour)))).toEqual([
      false,
      true,
      true,
      true,
      true,
      false,
      false,
    ]);
  });
});
