import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  hold,
  type Selection,
  WALK_KEYS,
  type Walkable,
  type WalkKey,
  walk,
} from '../../../../web/shell/alarms/selection.ts';

const on: Walkable = {
  alarms: [
    { id: 'a', bed: 'bed-4', condition: 'asystole' },
    { id: 'b', bed: 'bed-1', condition: 'low-limit' },
    { id: 's', bed: null, condition: 'database-away' },
  ],
  beds: ['bed-1', 'bed-2', 'bed-3', 'bed-4', 'bed-5'],
  columns: 2,
};

const walked = (keys: readonly WalkKey[], from: Selection = null): string | undefined =>
  keys.reduce<Selection>((selection, key) => walk(selection, key, on), from)?.id;

describe('walking by arrow keys', () => {
  it('begins at the most urgent alarm, or at the first bed when there is none', () => {
    expect(walked(['ArrowDown'])).toBe('a');
    expect(walk(null, 'ArrowRight', { ...on, alarms: [] })).toEqual({ kind: 'bed', id: 'bed-1' });
    expect(walk(null, 'ArrowRight', { alarms: [], beds: [], columns: 1 })).toBeNull();
  });

  it('goes along the banner and stops at its ends', () => {
    expect(walked(['ArrowRight', 'ArrowRight'])).toBe('b');
    expect(walked(['ArrowRight', 'ArrowLeft', 'ArrowLeft'])).toBe('a');
    expect(walked(['ArrowRight', 'ArrowRight', 'ArrowRight', 'ArrowRight'])).toBe('s');
  });

  it('goes from an alarm down to its bed, over the tiles, and back up', () => {
    expect(walked(['ArrowDown', 'ArrowDown'])).toBe('bed-4');
    expect(walked(['ArrowDown', 'ArrowDown', 'ArrowUp'])).toBe('bed-2');
    expect(walked(['ArrowDown', 'ArrowDown', 'ArrowUp', 'ArrowUp'])).toBe('a');
    expect(walked(['ArrowDown'], { kind: 'bed', id: 'bed-3' })).toBe('bed-5');
    expect(walked(['ArrowDown'], { kind: 'bed', id: 'bed-4' })).toBe('bed-4');
    expect(walked(['ArrowRight'], { kind: 'bed', id: 'bed-5' })).toBe('bed-5');
  });

  it('lets go with escape', () => {
    expect(walked(['ArrowDown', 'Escape'])).toBeUndefined();
  });
});

describe('what is chosen', () => {
  it('stays chosen wherever it moves', () => {
    const selection: Selection = { kind: 'alarm', id: 'b', bed: 'bed-1', condition: 'low-limit' };
    expect(hold(selection, { ...on, alarms: on.alarms.toReversed() })).toBe(selection);
  });

  it('is nothing once it is gone: no other alarm is answered in its stead', () => {
    expect(hold({ kind: 'alarm', id: 'gone', bed: 'bed-1', condition: 'low-limit' }, on)).toBeNull();
    expect(hold({ kind: 'bed', id: 'gone' }, on)).toBeNull();
  });

  it('is nothing once it has become worse than what was read', () => {
    expect(hold({ kind: 'alarm', id: 'a', bed: 'bed-4', condition: 'low-limit' }, on)).toBeNull();
  });

  it('is always something that is there, whatever keys are pressed', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...WALK_KEYS), { maxLength: 30 }), (keys) => {
        const selection = keys.reduce<Selection>((from, key) => walk(from, key, on), null);
        expect(hold(selection, on)).toEqual(selection);
      }),
    );
  });
});
