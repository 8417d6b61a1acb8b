import { describe, expect, it } from 'vitest';
import type { FateEvent, MessageFate } from '#contracts/http/message-fate.ts';
import { fateWords } from '../../../../web/admin/device/fate-words.ts';
import { createFeed, feedPath, type Source } from '../../../../web/admin/device/feed.ts';
import { deviceText } from '../../../../web/admin/device/text/language.ts';
import { voiceOf } from '../../../../web/shell/text/language.ts';

const FATE: MessageFate = {
  ...{ at: 1_000, topic: 'ward/v1/a/m1/vitals', channel: 'vitals', qos: 1, bytes: 90, isRepeat: false },
  ...{ isStored: true, bed: 'a-01', boot: 'b', seq: 1, time: 900, messages: 1, taken: 2, late: 0 },
  vitals: [
    { id: 'heart-rate', value: 72, unit: '/min' },
    { id: 'temperature', value: 36.99999999999, unit: 'Cel', quality: 'questionable' },
  ],
  ...{ waves: [], status: null, refused: 1 },
  faults: [{ reason: 'unit-unconvertible', detail: "nibp-systolic: 'mmhgs' is not convertible to mm[Hg]" }],
};

const openFeed = () => {
  const sources: (Source & { readyState: number; isClosed: boolean })[] = [];
  const feed = createFeed(() => {
    const source = {
      ...{ readyState: 0, isClosed: false, onopen: null, onmessage: null, onerror: null },
      close() {
        source.isClosed = true;
      },
    };
    sources.push(source);
    return source;
  });
  feed.open();
  const source = () => {
    const newest = sources.at(-1);
    if (!newest) throw new Error('nothing was opened');
    return newest;
  };
  return {
    feed,
    sources,
    source,
    tell: (event: FateEvent | string) =>
      source().onmessage?.(
        new MessageEvent('message', { data: typeof event === 'string' ? event : JSON.stringify(event) }),
      ),
  };
};

const message = (seq: number): FateEvent => ({ type: 'message', fate: { ...FATE, seq } });

const seqs = ({ feed }: ReturnType<typeof openFeed>) =>
  feed.told.value.map(({ event }) => (event.type === 'message' ? event.fate.seq : event.count));

describe('what a device sends, as a page follows it', () => {
  it('is told the newest first, up to a bound, and what cannot be read is passed over', () => {
    const opened = openFeed();
    for (let seq = 0; seq < 50; seq++) opened.tell(message(seq));
    opened.tell('{');
    opened.tell('{"type":"of a newer station"}');
    expect(seqs(opened).slice(0, 3)).toEqual([49, 48, 47]);
    expect(seqs(opened).length).toBeLessThan(50);
  });

  it('is only counted while it is paused, and goes on from then', () => {
    const opened = openFeed();
    opened.tell(message(1));
    opened.feed.togglePause();
    opened.tell(message(2));
    opened.tell({ type: 'skipped', count: 4 });
    expect(opened.feed.held.value).toBe(5);
    opened.feed.togglePause();
    opened.tell(message(8));
    expect(seqs(opened)).toEqual([8, 1]);
    opened.feed.clear();
    expect(seqs(opened)).toEqual([]);
  });

  it('counts waveforms that were taken whole, unless they are wanted, and tells those with a fault', () => {
    const opened = openFeed();
    const wave = (seq: number, refused = 0): FateEvent => ({
      type: 'message',
      fate: { ...FATE, channel: 'waves', seq, refused, faults: [] },
    });
    opened.tell(wave(1));
    opened.tell(wave(2, 1));
    opened.tell(wave(3));
    expect([seqs(opened), opened.feed.waves.value]).toEqual([[2], 2]);
    opened.feed.toggleWaves();
    opened.tell(wave(4));
    expect([seqs(opened), opened.feed.waves.value]).toEqual([[4, 2], undefined]);
  });

  it('tells a link that was lost from a station that says no, and can be opened again', () => {
    const { feed, source, sources } = openFeed();
    source().onopen?.(new Event('open'));
    expect(feed.state.value).toBe('open');
    source().onerror?.(new Event('error'));
    expect(feed.state.value).toBe('lost');
    source().readyState = 2;
    source().onerror?.(new Event('error'));
    expect(feed.state.value).toBe('refused');
    feed.open();
    expect(feed.state.value).toBe('opening');
    expect(sources.map(({ isClosed }) => isClosed)).toEqual([true, false]);
    feed.close();
    expect(sources.every(({ isClosed }) => isClosed)).toBe(true);
  });

  it('is asked for by the id of the device, whatever is in it', () => {
    expect(feedPath('a.b')).toBe('/api/v1/devices/a.b/messages');
    expect(feedPath('a/b')).toBe('/api/v1/devices/a%2Fb/messages');
  });
});

describe('the fate of a message in words', () => {
  const words = (fate: Partial<MessageFate>, language: 'en' | 'zh' = 'en') =>
    fateWords({ ...FATE, ...fate }, deviceText(language), voiceOf(language));

  it('has how much was taken and refused, each value in the unit that is stored, and why', () => {
    expect(words({})).toEqual({
      outcome: '2 vitals taken, 1 refused',
      entries: ['Heart rate 72 /min', 'Temperature 37 Cel (questionable)'],
      faults: ["unit not understood (nibp-systolic: 'mmhgs' is not convertible to mm[Hg])"],
      isFaulty: true,
    });
    expect(words({}, 'zh').outcome).toBe('接收 2 项生命体征，拒绝 1 项');
  });

  it('tells what is late, of nobody, repeated, or not stored, and how much is not told one by one', () => {
    const { outcome, entries, faults } = words({
      ...{ taken: 5, late: 5, bed: null, refused: 3, isRepeat: true, isStored: false, messages: 2 },
    });
    for (const part of ['5 late', 'no bed', '2 messages in one', 'retained', 'not stored']) {
      expect(outcome).toContain(part);
    }
    expect(entries.at(-1)).toBe('and 3 more');
    expect(faults.at(-1)).toBe('and 2 more');
  });

  it('tells what a device reports of itself, and a message of which nothing was taken', () => {
    const nothing = { taken: 0, vitals: [], refused: 0, faults: [] };
    const status = { state: 'online', battery: 80, firmware: '1.2', interval: 30 } as const;
    expect(words({ ...nothing, channel: 'status', status })).toMatchObject({
      outcome: 'status taken',
      entries: ['online', 'Battery 80%', '1.2', 'every 30 s'],
      isFaulty: false,
    });
    expect(words({ ...nothing, refused: 1 }).outcome).toBe('nothing taken, 1 refused');
  });
});
