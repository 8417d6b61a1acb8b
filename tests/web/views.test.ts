import { describe, expect, it } from 'vitest';
import { LINK_LOST_AFTER_MS, type LiveDevice, type LiveDeviceLimits } from '#contracts/live.ts';
import { codeIn } from '../../web/session.ts';
import { chooseLanguage, voiceOf } from '../../web/text/language.ts';
import { headView, initialsOf } from '../../web/views/head.ts';
import { linkView } from '../../web/views/link.ts';
import { traceView } from '../../web/views/trace.ts';
import { DEVICE_LIMITS, liveDevice } from '../support/live-device.ts';

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

describe('the link', () => {
  it('is lost within three silent seconds, and within three seconds without a first word', () => {
    expect(linkView(LINK_LOST_AFTER_MS, 0).state).toBe('live');
    expect(linkView(LINK_LOST_AFTER_MS + 1, 0).state).toBe('lost');
    expect(linkView(3_000, 0)).toEqual({ state: 'lost', silentForMs: 3_000 });
    expect(linkView(undefined, 2_000).state).toBe('connecting');
    expect(linkView(undefined, 3_000)).toEqual({ state: 'lost', silentForMs: undefined });
  });
});

describe('the marks beside a sweep', () => {
  it('say which signal it is and how high a millivolt stands', () => {
    const ecg = { wave: 'ecg-v', scale: { low: -1, high: 3 } } as const;
    expect(traceView(ecg, NOW, voice)).toEqual({ label: 'ECG V', note: '', millivolt: 0.25 });
    expect(traceView({ wave: 'pleth', scale: { low: 0, high: 1 } }, NOW, voice).millivolt).toBe(0);
  });

  it('say that there is no signal, and nothing when there is no link', () => {
    const none = { wave: undefined, scale: undefined };
    expect(traceView(none, NOW, voice).note).toBe('No signal');
    expect(traceView(none, undefined, voice).note).toBe('');
  });
});

describe('language', () => {
  it('is the first wish that is spoken here, else English', () => {
    expect(chooseLanguage([null, 'xx', 'zh-CN', 'en'])).toBe('zh');
    expect(chooseLanguage(['fr', undefined, 'toString'])).toBe('en');
  });

  it('tells ages in its own manner', () => {
    expect([0, 59_999, 60_000, 7_300_000, 3 * 86_400_000].map(voiceOf('en').age)).toEqual([
      '0 sec',
      '59 sec',
      '1 min',
      '2 hr',
      '3 days',
    ]);
    expect(voiceOf('zh').age(61_000)).toBe('1分钟');
    expect(voiceOf('zh').number(1234.5, 1)).toBe('1234.5');
  });
});

describe('a pasted sign-in link', () => {
  it('is taken as a link or as the bare code', () => {
    expect(codeIn(' http://127.0.0.1:8080/sign-in?code=abc.def \n')).toBe('abc.def');
    expect(codeIn('abc.def')).toBe('abc.def');
  });
});
