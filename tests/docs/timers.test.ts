import { expect, test } from 'vitest';
import { codeFiles, roomOf } from './code.ts';
import { TIMERS } from './sizes-exceptions.ts';

/** A clock that is handed in makes time a matter of the test; a timer that somebody set by himself does not. */

const SERVER = new Set([
  'root',
  'nodes',
  'platform',
  'broker',
  'ingest',
  'api',
  'review',
  'migrations',
  'simulators',
  'cli',
]);
const CLOCKS = ['platform/clock.ts', 'web/shell/clock.ts'];

test('on the server and in the browser nothing sets a timer but the clock', () => {
  const setting = codeFiles
    .filter(({ path, timers }) => timers.length > 0 && (SERVER.has(roomOf(path)) || roomOf(path) === 'web'))
    .map(({ path }) => path)
    .filter((path) => !CLOCKS.includes(path));
  expect(setting.sort()).toEqual(Object.keys(TIMERS).sort());
});
