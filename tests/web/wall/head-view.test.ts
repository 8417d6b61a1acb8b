import { describe, expect, it } from 'vitest';
import type { LiveDevice, LiveDeviceLimits } from '#contracts/live.ts';
import { initialsOf } from '../../../web/parts/initials.ts';
import { voiceOf } from '../../../web/shell/text/language.ts';
import { headView } from '../../../web/wall/head-view.ts';
import { DEVICE_LIMITS, liveDevice } from '../../support/live-device.ts';

const NOW = 1_800_000_000_000;
const voice = voiceOf('en');

const device = (change: Partial<LiveDevice>): LiveDevice => liveDevice({ since: NOW - 200_000, ...change });

const patient = { id: 1, name: 'Maria Lopez', ageGroup: 'adult' } as const;

const head = (
  devices: LiveDevice[],
  nowMs: number | undefined = NOW,
  initials = false,
  deviceLimits: LiveDeviceLimits = DEVICE_LIMITS,
) => headView({ unitName: 'ICU', label: '01', patient, deviceLimits }, devices, { nowMs, initials }, voice);

describe('the head of a tile', () => {
  it('tells the worst of its devices', () => {
    expect(head([device({}), device({ id: 'm2', state: 'offline' })])).toMatchObject({
      device: 'Offline 3 min',
      deviceTone: 'bad',
    });
    expect(head([device({ state: 'unknown', since: null })])).toMatchObject({ device: 'Not heard yet' });
    expect(head([])).toMatchObject({ device: 'No device', deviceTone: 'none' });
  });

  it('warns of a low battery and of a clock that is off', () => {
    expect(head([device({ battery: 84 })])).toMatchObject({ device: 'Online 84%', warning: '' });
    expect(head([device({ battery: 12, clockOffsetMs: -90_000 })]).warning).toBe('Battery 12% · Clock off by 1 min');
  });

  it('warns from where the settings in force say, and not before', () => {
    const both = [device({ battery: 25, clockOffsetMs: 8_000 })];
    expect(head(both).warning).toBe('Clock off by 8 sec');
    const strict = { batteryLowPercent: 30, clockToleranceMs: 10_000 };
    expect(head(both, NOW, false, strict).warning).toBe('Battery 25%');
    expect(head([device({ battery: 30, clockOffsetMs: 10_000 })], NOW, false, strict).warning).toBe('');
  });

  it('claims nothing about devices without a link', () => {
    const without = headView(
      { unitName: '', label: '01', patient, deviceLimits: DEVICE_LIMITS },
      [device({ battery: 5 })],
      { nowMs: undefined, initials: false },
      voice,
    );
    expect(without).toMatchObject({ device: '', warning: '', deviceTone: 'none' });
  });

  it('hides names on request', () => {
    expect(head([], NOW, true).patient).toBe('M. L.');
    expect([initialsOf('张伟'), initialsOf('  émile  zola '), initialsOf('Cher')]).toEqual(['张**', 'É. Z.', 'C.']);
  });
});
