import { expect, test } from 'vitest';
import { parseResults, RESULTS_FORMAT } from '../../../bench/support/results.ts';

const RESULT = {
  format: RESULTS_FORMAT,
  at: '2026-11-30T18:00:00.000Z',
  machine: { cpu: 'a processor', cores: 2, memoryGiB: 24, kernel: 'Linux' },
  database: { version: 'PostgreSQL 17', level: 'postgresql', kind: 'embedded' },
  lines: [{ what: 'ingest', measured: null, unit: 'readings/s', note: 'so', budget: { atLeast: 1 } }],
};

test('a result is read, and what measured nothing is no number', () => {
  const { lines } = parseResults(JSON.stringify(RESULT), 'a file');
  expect(lines).toEqual([{ what: 'ingest', measured: Number.NaN, unit: 'readings/s', budget: { atLeast: 1 } }]);
});

test.each([
  ['{', 'a file is no JSON'],
  ['[]', 'a file is no result of the bench'],
  [
    JSON.stringify({ ...RESULT, format: 'wardwatch-bench-9' }),
    `of the format wardwatch-bench-9 and not ${RESULTS_FORMAT}`,
  ],
  [JSON.stringify({ ...RESULT, format: undefined }), 'of the format wardwatch-bench-1, which did not name itself'],
  [JSON.stringify({ ...RESULT, lines: 'none' }), 'a file is no result of the bench (lines'],
])('%s is refused with the reason', (text, why) => {
  expect(() => parseResults(text, 'a file')).toThrow(why);
});
