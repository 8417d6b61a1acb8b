import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { REFUSAL_REASONS } from '#contracts/http/refusals.ts';
import { REJECT_REASONS } from '#contracts/mqtt/messages.ts';
import { ROOT } from './repository.ts';

const page = readFileSync(join(ROOT, 'docs/reference.md'), 'utf8');

/** The first column of the table under a heading. */
const namesUnder = (heading: string): string[] => {
  const section = page.split(/^## /m).find((text) => text.startsWith(heading)) ?? '';
  return [...section.matchAll(/^\| `([^`]+)` \| ./gm)].map(([, name = '']) => name);
};

test('docs/reference.md has every reason why a message is refused, and no other', () => {
  expect(namesUnder('Why a message').sort()).toEqual([...REJECT_REASONS].sort());
});

test('docs/reference.md has every reason why a peer is refused, and no other', () => {
  expect(namesUnder('Why a peer').sort()).toEqual([...REFUSAL_REASONS].sort());
});

test('docs/connecting.md names no reason that a peer is never refused for', () => {
  const connecting = readFileSync(join(ROOT, 'docs/connecting.md'), 'utf8');
  const [, table = ''] = /## What a refusal looks like\n\n([\s\S]*?)\n\n/.exec(connecting) ?? [];
  const lastColumns = table
    .split('\n')
    .slice(2)
    .map((line) => line.split('|').at(-2) ?? '');
  const named = lastColumns.flatMap((column) => [...column.matchAll(/`([^`]+)`/g)].map(([, reason = '']) => reason));
  expect(named.length).toBeGreaterThan(4);
  expect(named.filter((reason) => !REFUSAL_REASONS.some((known) => known === reason))).toEqual([]);
});
