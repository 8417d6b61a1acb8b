import type { Page } from 'playwright-core';

/** Runs in the page. Everything by what the browser has laid out: rectangles of glyphs, and computed colours. */
const findFaults = (): string[] => {
  type Box = { left: number; top: number; right: number; bottom: number };
  const SLACK_PX = 0.75;
  const LEAST_CONTRAST = 4.5;
  const faults: string[] = [];

  const boxOf = ({ left, top, right, bottom }: Box): Box => ({ left, top, right, bottom });
  const meet = (a: Box, b: Box): Box => ({
    left: Math.max(a.left, b.left),
    top: Math.max(a.top, b.top),
    right: Math.min(a.right, b.right),
    bottom: Math.min(a.bottom, b.bottom),
  });
  const isThere = (box: Box): boolean => box.right - box.left > SLACK_PX && box.bottom - box.top > SLACK_PX;
  const isInside = (inner: Box, outer: Box): boolean =>
    inner.left >= outer.left - SLACK_PX &&
    inner.right <= outer.right + SLACK_PX &&
    inner.top >= outer.top - SLACK_PX &&
    inner.bottom <= outer.bottom + SLACK_PX;

  /** What of it is not cut off by what it lies in. `orScrolled`: nor out of sight in something that scrolls. */
  const visible = (box: Box, from: Element, orScrolled = false): Box => {
    let seen = box;
    for (let each: Element | null = from; each; each = each.parentElement) {
      const { overflowX, clipPath } = getComputedStyle(each);
      const isCut = overflowX === 'hidden' || overflowX === 'clip' || clipPath !== 'none';
      if (isCut || (orScrolled && overflowX !== 'visible')) seen = meet(seen, boxOf(each.getBoundingClientRect()));
      if (clipPath !== 'none') return { left: 0, top: 0, right: 0, bottom: 0 };
    }
    return seen;
  };

  const glyphsOf = (root: Element): { text: string; box: Box; parent: Element }[] => {
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    const found: { text: string; box: Box; parent: Element }[] = [];
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const parent = node.parentElement;
      const text = node.textContent?.trim() ?? '';
      if (!parent || text === '' || getComputedStyle(parent).visibility === 'hidden') continue;
      const range = document.createRange();
      range.selectNodeContents(node);
      for (const rect of range.getClientRects()) found.push({ text, box: boxOf(rect), parent });
    }
    return found;
  };

  type Colour = [red: number, green: number, blue: number, alpha: number];
  const probe = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
  const known = new Map<string, Colour>();
  const parse = (colour: string): Colour => {
    const held = known.get(colour);
    if (held || !probe) return held ?? [0, 0, 0, 0];
    probe.clearRect(0, 0, 1, 1);
    probe.fillStyle = colour;
    probe.fillRect(0, 0, 1, 1);
    const [red = 0, green = 0, blue = 0, alpha = 0] = probe.getImageData(0, 0, 1, 1).data;
    const found: Colour = [red, green, blue, alpha / 255];
    known.set(colour, found);
    return found;
  };
  const over = (top: Colour, below: Colour): Colour => {
    const mix = (a: number, b: number): number => a * top[3] + b * (1 - top[3]);
    return [mix(top[0], below[0]), mix(top[1], below[1]), mix(top[2], below[2]), 1];
  };
  const luminance = (colour: Colour): number => {
    const channel = (value: number): number =>
      value / 255 <= 0.04045 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4;
    return 0.2126 * channel(colour[0]) + 0.7152 * channel(colour[1]) + 0.0722 * channel(colour[2]);
  };
  const contrast = (element: Element): number => {
    const above: Element[] = [];
    for (let each: Element | null = element; each; each = each.parentElement) above.push(each);
    const ground = above
      .toReversed()
      .reduce<Colour>((below, each) => over(parse(getComputedStyle(each).backgroundColor), below), [0, 0, 0, 1]);
    const opacity = above.reduce((product, each) => product * Number(getComputedStyle(each).opacity), 1);
    const [red, green, blue, alpha] = parse(getComputedStyle(element).color);
    const words = over([red, green, blue, alpha * opacity], ground);
    const [dark = 0, bright = 0] = [luminance(words), luminance(ground)].sort((a, b) => a - b);
    return (bright + 0.05) / (dark + 0.05);
  };

  const isPainted = (element: Element): boolean => {
    const { backgroundColor, backgroundImage, boxShadow, visibility } = getComputedStyle(element);
    if (visibility === 'hidden') return false;
    return parse(backgroundColor)[3] > 0 || backgroundImage !== 'none' || boxShadow !== 'none';
  };

  const frameOf = (tile: Element): Box => {
    const { left, top, right, bottom } = tile.getBoundingClientRect();
    const width = Number.parseFloat(getComputedStyle(tile, '::after').borderTopWidth) || 0;
    return { left: left + width, top: top + width, right: right - width, bottom: bottom - width };
  };

  for (const scene of document.querySelectorAll('.tile, .bed-page')) {
    const name = scene.querySelector('.bed, h2')?.textContent ?? '';
    const words = glyphsOf(scene);
    const painted = [...scene.querySelectorAll('*')]
      .filter(isPainted)
      .map((element) => ({ element, box: boxOf(element.getBoundingClientRect()) }));
    for (const value of scene.querySelectorAll('.value')) {
      const cell = value.parentElement;
      const label = `${name} ${cell?.className} “${value.textContent}”`;
      const digits = glyphsOf(value);
      for (const { box } of digits) {
        if (scene.matches('.tile') && !isInside(box, frameOf(scene))) faults.push(`${label} reaches under the frame`);
        if (!isInside(box, visible(box, value))) faults.push(`${label} is cut off`);
        for (const word of words) {
          if (value.contains(word.parent) || !isThere(meet(box, word.box))) continue;
          if (isThere(meet(box, visible(word.box, word.parent, true)))) faults.push(`${label} lies on “${word.text}”`);
        }
        for (const { element, box: ground } of painted) {
          if (element.contains(value) || !isThere(meet(box, ground))) continue;
          if (isThere(meet(box, visible(ground, element, true))))
            faults.push(`${label} is covered by ${element.className}`);
        }
      }
      if (cell?.className.includes('alarm-') && !cell.className.includes('tone-blank')) {
        const ratio = contrast(value);
        if (ratio < LEAST_CONTRAST) faults.push(`${label} has a contrast of ${ratio.toFixed(2)}`);
      }
    }
    for (const note of scene.querySelectorAll('.tone-blank .note')) {
      for (const { text, box, parent } of glyphsOf(note)) {
        // The box of a glyph is higher than what is drawn of it.
        const margin = (box.bottom - box.top) / 8;
        const ink = { ...box, top: box.top + margin, bottom: box.bottom - margin };
        if (!isInside(ink, visible(box, parent))) faults.push(`${name}: “${text}” is cut off`);
      }
    }
  }

  for (const watch of document.querySelectorAll('.watch')) {
    const words = glyphsOf(watch);
    const others = [...(watch.parentElement?.querySelectorAll('.sweeps') ?? [])].flatMap(glyphsOf);
    for (const { box, text } of words) {
      for (const other of others) if (isThere(meet(box, other.box))) faults.push(`“${text}” lies on “${other.text}”`);
    }
  }

  const isDrawn = (element: Element): boolean => element.getClientRects().length > 0;
  for (const whole of document.querySelectorAll('.hidden-items, .unwatched-count, .top time')) {
    if (!isDrawn(whole)) continue;
    for (const { box, text, parent } of glyphsOf(whole)) {
      if (parent.closest('.unseen')) continue;
      const seen = visible(box, parent);
      const isCut = box.right - seen.right > SLACK_PX || seen.left - box.left > SLACK_PX || box.right > innerWidth;
      if (isCut) faults.push(`“${text}” of ${whole.className || 'the time'} is cut off`);
    }
  }
  for (const verb of document.querySelectorAll('.verbs button, .all-opener')) {
    if (!isDrawn(verb)) continue;
    const { left, top, width, height } = verb.getBoundingClientRect();
    const there = document.elementFromPoint(left + width / 2, top + height / 2);
    if (!there || !verb.contains(there)) faults.push(`“${verb.textContent}” cannot be touched`);
  }

  for (const line of document.querySelectorAll('.alarm-line, .item .line')) {
    const list = line.closest('.items');
    const box = boxOf(line.getBoundingClientRect());
    if (list && !isInside(box, boxOf(list.getBoundingClientRect()))) continue;
    const words = glyphsOf(line);
    for (const what of line.querySelectorAll('.what')) {
      for (const { box: glyphs, text } of glyphsOf(what)) {
        const seen = visible(glyphs, what);
        if (glyphs.right - seen.right > SLACK_PX || seen.left - glyphs.left > SLACK_PX)
          faults.push(`“${text}” is cut off`);
        for (const word of words) {
          if (what.contains(word.parent)) continue;
          if (isThere(meet(glyphs, visible(word.box, word.parent)))) faults.push(`“${text}” lies on “${word.text}”`);
        }
      }
    }
  }
  return faults;
};

export const glyphFaults = (page: Page): Promise<string[]> => page.evaluate(findFaults);
