import { expect, test } from 'vitest';
import { parseConfig } from '#platform/config.ts';
import { UserError } from '#platform/errors.ts';

test('a broker of somebody else is refused by the name of its setting, until it can be used', () => {
  const parse = () => parseConfig({ MQTT_URL: 'mqtt://broker.example' });
  expect(parse).toThrow(UserError);
  expect(parse).toThrow(/MQTT_URL: an external broker is not supported yet, leave it unset/);
});

test('all faults of the settings are named at once, each with its setting', () => {
  const parse = () => parseConfig({ MQTT_URL: 'mqtt://broker.example', HTTP_PORT: 'x', MQTT_PORT: '-1' });
  for (const setting of ['MQTT_URL', 'HTTP_PORT', 'MQTT_PORT']) expect(parse).toThrow(setting);
});
