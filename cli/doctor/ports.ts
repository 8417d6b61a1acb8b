import { once } from 'node:events';
import { createServer } from 'node:net';
import type { Config } from '#platform/config.ts';
import { errorCode } from '#platform/errors.ts';
import type { StationInfo } from '#platform/station-file.ts';
import { type Finding, fail, ok } from './finding.ts';

/** undefined when the port can be had, else the code of the error that says why not. */
const tryPort = async (host: string, port: number): Promise<string | undefined> => {
  const server = createServer();
  try {
    server.listen(port, host);
    await once(server, 'listening');
    return undefined;
  } catch (error) {
    return errorCode(error) ?? 'unknown';
  } finally {
    server.close();
  }
};

const checkPort = async (setting: string, host: string, port: number, ours: string | undefined): Promise<Finding> => {
  const where = `${host}:${port}`;
  if (ours !== undefined && Number(new URL(ours).port) === port) return ok(setting, `${where}, the running station's`);
  const code = await tryPort(host, port);
  if (code === undefined) return ok(setting, port === 0 ? 'any free port' : `${where} is free`);
  return code === 'EADDRINUSE'
    ? fail(setting, `${where} is taken`, `stop the other program, or set ${setting} to another port`)
    : fail(setting, `${where} cannot be used (${code})`, `set ${setting} or HOST to something this machine allows`);
};

export const checkPorts = ({ host, httpPort, mqtt }: Config, station: StationInfo | undefined): Promise<Finding[]> =>
  Promise.all([
    checkPort('HTTP_PORT', host, httpPort, station?.http),
    checkPort('MQTT_PORT', host, mqtt.port, station?.mqtt),
    ...(mqtt.tls ? [checkPort('MQTTS_PORT', host, mqtt.tls.port, station?.mqtts)] : []),
  ]);
