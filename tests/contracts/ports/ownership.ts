import { describe, expect, test } from 'vitest';
import type { Ownership } from '#contracts/ports/ownership.ts';

/** What every ownership of units must do. */
export type OwnershipSubject = { readonly ownership: Ownership; readonly ours: readonly string[] };

export const describeOwnership = (name: string, createSubject: () => Promise<OwnershipSubject>): void => {
  describe(`an ownership: ${name}`, () => {
    test('what is ours is ours, and stays so', async () => {
      const { ownership, ours } = await createSubject();
      const owned = await ownership.acquire();
      for (const unit of [...ours, ...ours]) expect(owned.has(unit)).toBe(true);
    });

    test('a unit is one answer, however often it is asked', async () => {
      const { ownership } = await createSubject();
      const owned = await ownership.acquire();
      expect(new Set([1, 2, 3].map(() => owned.has('a-unit-that-is-new'))).size).toBe(1);
    });
  });
};
