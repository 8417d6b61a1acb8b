import { expect, test } from 'vitest';
import { findingOfIds } from '../../cli/doctor/ids.ts';

test('ids that could be given today are no finding', () => {
  const finding = findingOfIds([
    { kind: 'unit', id: 'icu' },
    { kind: 'device', id: 'monitor_1-a' },
  ]);
  expect(finding).toMatchObject({ check: 'ids', status: 'ok' });
});

test('ids from before, which hold dots, are named with what they are, and with what to do', () => {
  const { status, detail, remedy } = findingOfIds([
    { kind: 'unit', id: 'icu.east' },
    { kind: 'bed', id: 'icu-01' },
    { kind: 'device', id: 'm.1' },
  ]);
  expect(status).toBe('warn');
  expect(detail).toMatch(/: unit icu\.east, device m\.1$/);
  expect(remedy).toMatch(/go on working .* register each of them under an id without a dot/);
});

test('of very many a few are named and the others counted', () => {
  const things = Array.from({ length: 250 }, (_, index) => ({ kind: 'device', id: `m.${index}` }));
  expect(findingOfIds(things).detail).toMatch(/device m\.9 and 240 more$/);
});
