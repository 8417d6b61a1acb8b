import { expect, it } from 'vitest';
import type { KnownSession } from '#contracts/http/sessions.ts';
import { questionOf } from '../../../web/access/end.tsx';
import { firstOfMany } from '../../../web/access/page.tsx';
import { accessText } from '../../../web/access/text/language.ts';

const session = (id: string, name: string, isOwn = false): KnownSession => ({
  ...{
    id,
    name,
    role: 'viewer',
    issuedAt: 0,
    expiresAt: 1,
    lastUsedAt: 0,
    door: 'browser',
    address: '::1',
    open: 0,
    isOwn,
  },
});

it('all of a name can be ended at its first row, once it has several', () => {
  const listed = [session('1', 'wall'), session('2', 'sister'), session('3', 'wall'), session('4', 'wall')];
  expect([...firstOfMany(listed)]).toEqual(['1']);
  expect([...firstOfMany(listed.slice(0, 3))]).toEqual(['1']);
  expect([...firstOfMany(listed.slice(0, 2))]).toEqual([]);
});

it('a person is told what ends, and that it is the own', () => {
  const text = accessText('en');
  expect(questionOf({ kind: 'one', session: session('1', 'wall') }, text)).toEqual({
    title: 'End the sign-in of wall',
    help: text.endHelp,
  });
  expect(questionOf({ kind: 'one', session: session('1', 'wall', true) }, text).help).toBe(text.endOwnHelp);
  expect(questionOf({ kind: 'all-of', name: 'wall' }, text).title).toBe('End all of wall');
  expect(questionOf({ kind: 'others' }, text).help).toContain('alarms are heard nowhere else');
});
