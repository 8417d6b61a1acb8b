import { describe, expect, it } from 'vitest';
import { ShownFrame } from '#contracts/live.ts';
import { createShownEcho } from '../../../../web/shell/alarms/shown.ts';

const setUp = () => {
  const sent: string[][] = [];
  const waiting: (() => void)[] = [];
  const link = { isOpen: true };
  const echo = createShownEcho({
    send(frame) {
      if (link.isOpen) sent.push(ShownFrame.parse(frame).alarms);
      return link.isOpen;
    },
    afterDrawing: (callback) => waiting.push(callback),
  });
  const draw = () => {
    for (const callback of waiting.splice(0)) callback();
  };
  const put = (ids: string[], active = ids) => echo.put(ids, active);
  return { put, draw, sent, link };
};

describe('the echo of what was drawn', () => {
  it('is sent after the drawing, together, and once for each alarm', () => {
    const { put, draw, sent } = setUp();
    put(['a', 'b']);
    put(['a', 'b']);
    expect(sent).toEqual([]);
    draw();
    put(['a', 'b', 'c']);
    draw();
    put(['a', 'b', 'c']);
    draw();
    expect(sent).toEqual([['a', 'b'], ['c']]);
  });

  it('of an alarm that is there and not seen is sent when it is', () => {
    const { put, draw, sent } = setUp();
    put([], ['a']);
    draw();
    expect(sent).toEqual([]);
    put(['a']);
    draw();
    put([], ['a']);
    put(['a']);
    draw();
    expect(sent).toEqual([['a']]);
  });

  it('is tried again when it could not be sent', () => {
    const { put, draw, sent, link } = setUp();
    link.isOpen = false;
    put(['a']);
    draw();
    link.isOpen = true;
    put(['a']);
    draw();
    expect(sent).toEqual([['a']]);
  });

  it('is cut into frames that the station takes', () => {
    const { put, draw, sent } = setUp();
    put(Array.from({ length: 1_200 }, (_, place) => `alarm-${place}`));
    draw();
    expect(sent.map((ids) => ids.length)).toEqual([500, 500, 200]);
    expect(new Set(sent.flat()).size).toBe(1_200);
  });
});
