import fc from 'fast-check';
import { expect, test } from 'vitest';
import { buildTopic, CHANNELS, parseTopic } from '#contracts/mqtt/topics.ts';

const id = fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/);

test('a topic that was built is understood', () => {
  fc.assert(
    fc.property(id, id, fc.constantFrom(...CHANNELS), (unit, device, channel) => {
      expect(parseTopic(buildTopic({ unit, device, channel }))).toEqual({ unit, device, channel });
    }),
  );
});

test.each([
  '',
  'ward/v1/icu/m1',
  'ward/v1/icu/m1/alarm',
  'ward/v2/icu/m1/vitals',
  'ward/v1//m1/vitals',
  'ward/v1/icu/m1/vitals/more',
  'ward/v1/icu/-m1/vitals',
  `ward/v1/icu/${'x'.repeat(65)}/vitals`,
  'ward/v1/icu/__proto__/vitals',
  '/ward/v1/icu/m1/vitals',
])('%s is no topic of a device', (topic) => {
  expect(parseTopic(topic)).toBeUndefined();
});
