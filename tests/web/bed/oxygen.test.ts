import { describe, expect, it } from 'vitest';
import type { LiveOxygen } from '#contracts/live.ts';
import { oxygenWords } from '../../../web/bed/alarms/oxygen.tsx';
import { limitsInForce } from '../../../web/parts/limits-text.ts';
import { voiceOf } from '../../../web/shell/text/language.ts';

const NOW = Date.parse('2026-11-25T12:00:00Z');
const by = { by: 'Ada', at: NOW - 60_000 };
const roomAir: LiveOxygen = { roomAir: by, highSpo2Off: { because: 'room-air', ...by } };
const measured: LiveOxygen = { roomAir: null, highSpo2Off: { because: 'fio2', fio2: 21 } };
const given: LiveOxygen = { roomAir: by, highSpo2Off: null };

describe('the high limit of SpO₂ of a newborn', () => {
  const words = (oxygen: LiveOxygen | undefined) => oxygenWords(oxygen, NOW, voiceOf('en'));

  it('says whether it is in force, and by what it is not', () => {
    expect(words(undefined)).toContain('in force');
    expect(words(given)).toContain('in force');
    expect(words(roomAir)).toMatch(/off: room air, recorded by Ada/);
    expect(words(measured)).toMatch(/off: FiO₂ is 21%/);
  });

  it('is not drawn while it is off, and the low one is', () => {
    const limits = { spo2: { low: 85, high: 95 }, 'heart-rate': { low: 100, high: 200 } };
    expect(limitsInForce(limits, undefined)).toEqual(limits);
    expect(limitsInForce(limits, given)).toEqual(limits);
    expect(limitsInForce(limits, roomAir)).toEqual({ ...limits, spo2: { low: 85, high: null } });
  });
});
