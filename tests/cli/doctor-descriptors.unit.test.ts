import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { findingOfLimit, findingOfPlaces } from '../../cli/doctor/descriptors.ts';

const WISHED = { strangers: 1_000, mqtt: 5_000, http: 2_000 };
const NEEDED = 8_128;

test('a limit that has room for all that the settings allow is well', () => {
  expect(findingOfLimit(NEEDED, WISHED, 'the running station')).toEqual({
    check: 'file descriptors',
    status: 'ok',
    detail: `${NEEDED} for the running station, the settings need ${NEEDED}`,
  });
  expect(findingOfLimit(Number.POSITIVE_INFINITY, WISHED, 'us')).toMatchObject({
    status: 'ok',
    detail: expect.stringMatching(/^no limit for us/),
  });
});

test('one below it tells for how many there is room, and how it is raised everywhere', () => {
  const { status, detail, remedy } = findingOfLimit(4_096, WISHED, 'the running station');
  expect(status).toBe('warn');
  expect(detail).toContain(
    `4096 for the running station, the settings need ${NEEDED}: room for 2183 of 5000 over MQTT`,
  );
  for (const way of [`LimitNOFILE=${NEEDED}`, `--ulimit nofile=${NEEDED}:${NEEDED}`, `ulimit -Hn ${NEEDED}`]) {
    expect(remedy).toContain(way);
  }
});

test('more devices than there are places is told before the last of them is refused', () => {
  expect(findingOfPlaces(5_000, 5_000)).toMatchObject({ status: 'ok' });
  expect(findingOfPlaces(undefined, 5_000)).toMatchObject({ status: 'ok', detail: '5000' });
  expect(findingOfPlaces(5_001, 5_000)).toMatchObject({
    status: 'warn',
    remedy: expect.stringContaining('set MQTT_MAX_CONNECTIONS above 5001'),
  });
});

test.runIf(process.platform === 'linux')(
  'Node raises the soft limit to the hard one, so only that is looked at',
  () => {
    const script = `require('node:fs').readFileSync('/proc/self/limits', 'utf8')`;
    const limits = execFileSync('sh', ['-c', `ulimit -Sn 512; ulimit -Hn 600; "${process.execPath}" -p "${script}"`], {
      encoding: 'utf8',
    });
    expect(limits).toMatch(/^Max open files\s+600\s+600/m);
  },
);
