import { tmpdir } from 'node:os';
import { expect, test } from 'vitest';
import { wardwatch } from './support/command.ts';

const VERBS = [
  ['start'],
  ['demo'],
  ['migrate'],
  ['simulate'],
  ['replay'],
  ['device'],
  ['device', 'add'],
  ['device', 'secret'],
  ['device', 'interval'],
  ['device', 'list'],
  ['device', 'watch'],
  ['gateway'],
  ['gateway', 'add'],
  ['gateway', 'list'],
  ['gateway', 'set-devices'],
  ['gateway', 'secret'],
  ['gateway', 'remove'],
  ['token'],
  ['doctor'],
  ['bench'],
  ['alarms'],
  ['alarms', 'verify'],
  ['alarms', 'what-if'],
  ['alarms', 'burden'],
];

const cwd = tmpdir();

test.each(VERBS.map((verb) => verb.join(' ')))('`%s --help` explains itself with an example', async (verb) => {
  const { code, stdout, stderr } = await wardwatch([...verb.split(' '), '--help'], { cwd });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toContain(`Usage: wardwatch ${verb}`);
  expect(stdout).toContain('Example');
});

test('`--help` names every verb and says that this is no medical device', async () => {
  const { code, stdout } = await wardwatch(['--help'], { cwd });
  expect(code).toBe(0);
  for (const [verb] of VERBS) expect(stdout).toMatch(new RegExp(`^  ${verb}\\b`, 'm'));
  expect(stdout).toContain('Not a certified medical device');
});

test('`--version` prints nothing but the version', async () => {
  expect(await wardwatch(['--version'], { cwd })).toEqual({
    code: 0,
    stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/),
    stderr: '',
  });
});

test.each([
  [['strat'], "unknown command 'strat'"],
  [['start', '--port', '1'], "unknown option '--port'"],
  [['device', 'add', 'monitor-01'], "required option '--unit <unit>' not specified"],
  [['demo', '--beds', '0'], 'Expected a whole number from 1 to 1000.'],
  [['token', '--role', 'chief'], 'Allowed choices are viewer, operator, integration.'],
  [['device', 'interval', 'monitor-01', 'often'], 'Expected a duration like 30min, 12h or 7d.'],
  [['token', '--expires', '12'], 'Expected a duration like 30min, 12h or 7d.'],
])('wrong use, %j, ends with 2 and says what is wrong', async (args, reason) => {
  const { code, stdout, stderr } = await wardwatch(args, { cwd });
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toMatch(/^wardwatch: /);
  expect(stderr).toContain(reason);
});
