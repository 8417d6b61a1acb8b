import { describe, expect, it } from 'vitest';
import { LINK_LOST_AFTER_MS } from '#contracts/live.ts';
import { linkView } from '../../../../web/shell/live/link-view.ts';

describe('the link', () => {
  it('is lost within three silent seconds, and within three seconds without a first word', () => {
    expect(linkView(LINK_LOST_AFTER_MS, 0).state).toBe('live');
    expect(linkView(LINK_LOST_AFTER_MS + 1, 0).state).toBe('lost');
    expect(linkView(3_000, 0)).toEqual({ state: 'lost', silentForMs: 3_000 });
    expect(linkView(undefined, 2_000).state).toBe('connecting');
    expect(linkView(undefined, 3_000)).toEqual({ state: 'lost', silentForMs: undefined });
  });
});
