import { describe, expect, it } from 'vitest';
import { traceView } from '../../../../web/parts/waves/trace-view.ts';
import { voiceOf } from '../../../../web/shell/text/language.ts';

const NOW = 1_800_000_000_000;
const voice = voiceOf('en');

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
