import fc from 'fast-check';
import mqttPacket from 'mqtt-packet';
import { expect, test } from 'vitest';
import { frameOfPublish, readPublish } from '../../broker/publish-packet.ts';

/** A PUBLISH as another program writes it. */
const publishes = fc.record({
  cmd: fc.constant('publish' as const),
  qos: fc.constantFrom(0 as const, 1 as const, 2 as const),
  topic: fc.constantFrom('ward/v1/icu/m1/vitals', 'ward/v1/a-very-long-name-of-a-unit/m1/waves', 't'),
  messageId: fc.integer({ min: 1, max: 0xffff }),
  dup: fc.boolean(),
  retain: fc.boolean(),
  payload: fc.oneof(fc.nat(300), fc.integer({ min: 16_000, max: 17_000 })).map((length) => Buffer.alloc(length, 'x')),
});

test('what another program wrote is read as it was written, wherever it lies', () => {
  fc.assert(
    fc.property(
      publishes,
      fc.uint8Array({ maxLength: 5 }),
      fc.uint8Array({ maxLength: 5 }),
      (packet, before, after) => {
        const written = mqttPacket.generate(packet);
        const bytes = Buffer.concat([before, written, after]);
        const frame = frameOfPublish(bytes, before.length);
        if (packet.qos !== 1) {
          expect(frame).toBeUndefined();
          return;
        }
        if (!frame || frame === 'cut') throw new Error('it was not found');
        expect(frame.end).toBe(before.length + written.length);
        const { topic, payload, messageId, dup, retain } = packet;
        expect(readPublish(bytes, before.length, frame)).toEqual({
          topic,
          packetId: messageId,
          payload,
          isRepeat: dup || retain,
          end: frame.end,
        });
      },
    ),
  );
});

test('of any beginning of a packet it is known that the rest is missing', () => {
  fc.assert(
    fc.property(publishes, fc.nat(), (packet, place) => {
      const written = mqttPacket.generate({ ...packet, qos: 1 });
      const cut = written.subarray(0, 1 + (place % (written.length - 1)));
      const frame = frameOfPublish(cut, 0);
      if (frame === 'cut') expect(cut.length).toBeLessThan(5);
      else expect(frame?.end).toBe(written.length);
    }),
  );
});

test.each([
  ['a length of more than four bytes', [0x32, 0xff, 0xff, 0xff, 0xff, 0x01]],
  ['nothing', []],
  ['a CONNECT', [0x10, 0x02, 0x00, 0x00]],
  ['a PUBLISH with the QoS 3 that there is not', [0x36, 0x02, 0x00, 0x00]],
])('%s is no PUBLISH at QoS 1', (_what, bytes) => {
  expect(frameOfPublish(Buffer.from(bytes), 0)).toBeUndefined();
});

test.each([
  ['a topic that is longer than the packet', [0x32, 0x06, 0x00, 0x05, 0x61, 0x00, 0x01, 0x62]],
  ['no room for a topic', [0x32, 0x01, 0x00, 0x00]],
  ['no room for a packet id', [0x32, 0x03, 0x00, 0x01, 0x61]],
  ['the packet id 0', [0x32, 0x05, 0x00, 0x01, 0x61, 0x00, 0x00]],
])('a packet with %s is not well-formed', (_what, given) => {
  const bytes = Buffer.from(given);
  const frame = frameOfPublish(bytes, 0);
  if (!frame || frame === 'cut') throw new Error('its frame was not found');
  expect(readPublish(bytes, 0, frame)).toBeUndefined();
});
