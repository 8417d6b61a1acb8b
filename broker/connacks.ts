/** How a peer is told that we do not speak its version of MQTT, each in the form that it can read. */

/** CONNACK 1, unacceptable protocol level (MQTT 3.1.1, 3.2.2.3). */
export const UNACCEPTABLE_PROTOCOL_LEVEL = Buffer.from([0x20, 0x02, 0x00, 0x01]);

/** CONNACK 0x84, unsupported protocol version, without properties (MQTT 5, 3.2.2.2). */
export const UNSUPPORTED_PROTOCOL_VERSION = Buffer.from([0x20, 0x03, 0x00, 0x84, 0x00]);
