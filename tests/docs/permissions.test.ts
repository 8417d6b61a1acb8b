import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { may, PERMISSIONS, type Permission } from '#contracts/permissions.ts';
import { ROLES } from '#contracts/roles.ts';
import { ROUTE_PERMISSIONS } from '../../api/http/route-permissions.ts';
import { ROOT } from './repository.ts';

const page = readFileSync(join(ROOT, 'docs/permissions.md'), 'utf8');

/** The cells of the rows under a heading, without what is between the first and the last `columns`. */
const rowsUnder = (heading: string): string[][] => {
  const section = page.split(/^#+ /m).find((text) => text.startsWith(heading)) ?? '';
  const lines = section.split('\n').filter((line) => line.startsWith('| `'));
  return lines.map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
};

test('docs/permissions.md has every permission and who has it, and no other', () => {
  const expected = (Object.keys(PERMISSIONS) as Permission[]).map((permission) => [
    `\`${permission}\``,
    ...ROLES.map((role) => (may(role, permission) ? 'yes' : 'no')),
  ]);
  expect(rowsUnder('Permissions').map(([permission = '', , ...roles]) => [permission, ...roles])).toEqual(expected);
  expect(page).toContain(`| permission | lets | ${ROLES.map((role) => `\`${role}\``).join(' | ')} |`);
});

test('docs/permissions.md has what every address needs, and no other', () => {
  expect(rowsUnder('Addresses')).toEqual(
    Object.entries(ROUTE_PERMISSIONS).map(([address, permission]) => [`\`${address}\``, `\`${permission}\``]),
  );
});
