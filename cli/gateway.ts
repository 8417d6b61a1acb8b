import type { Command } from 'commander';
import { z } from 'zod';
import { Credentials } from '#contracts/http/devices.ts';
import { Gateway, PresentGateway } from '#contracts/http/gateways.ts';
import { printJson, printLine, table } from './output.ts';
import { connectToStation, type StationOptions, stationOptions } from './station-client.ts';

const CREDENTIALS = ['MQTT user name', 'MQTT password (shown this once)'];

type Common = StationOptions & { json?: true };

const pathOf = (id: string): string => `gateways/${encodeURIComponent(id)}`;

const addOne = async (id: string, devices: string[], options: Common & { unit?: string }): Promise<void> => {
  const { unit, json } = options;
  const { request } = await connectToStation(options);
  const { username, secret } = await request(Credentials, 'POST', 'gateways', { id, unit, devices });
  if (json) return printJson({ gateway: id, unit, devices, username, secret });
  printLine(table(['gateway', 'devices', ...CREDENTIALS], [[id, devices.join(' ') || '-', username, secret]]));
};

const renewSecret = async (id: string, options: Common): Promise<void> => {
  const { request } = await connectToStation(options);
  const { username, secret } = await request(Credentials, 'POST', `${pathOf(id)}/secret`);
  if (options.json) printJson({ gateway: id, username, secret });
  else printLine(table(['gateway', ...CREDENTIALS], [[id, username, secret]]));
};

const printGateways = (gateways: readonly PresentGateway[]): void =>
  printLine(
    table(
      ['gateway', 'unit', 'now', 'devices'],
      gateways.map(({ id, unit, state, devices }) => [id, unit ?? '-', state, devices.join(' ') || '-']),
    ),
  );

const setDevices = async (id: string, devices: string[], options: Common): Promise<void> => {
  const { request } = await connectToStation(options);
  const gateway = await request(Gateway, 'PATCH', pathOf(id), { devices });
  if (options.json) printJson(gateway);
  else printLine(table(['gateway', 'devices'], [[id, gateway.devices.join(' ') || '-']]));
};

const removeOne = async (id: string, options: Common): Promise<void> => {
  const { request } = await connectToStation(options);
  await request(z.unknown(), 'DELETE', pathOf(id));
  if (options.json) printJson({ gateway: id, removed: true });
  else printLine(`gateway ${id} is removed and cut off; its devices stay`);
};

const list = async (options: Common & { unit?: string }): Promise<void> => {
  const { request } = await connectToStation(options);
  const query = options.unit === undefined ? '' : `?unit=${encodeURIComponent(options.unit)}`;
  const gateways = await request(z.array(PresentGateway), 'GET', `gateways${query}`);
  if (options.json) printJson(gateways);
  else printGateways(gateways);
};

const KNOWN = 'a registered gateway';

export const addGateway = (program: Command): void => {
  const gateway = program
    .command('gateway')
    .description('add, set up and list the gateways of a running station: each publishes for several devices')
    .addHelpText('after', '\nExample: wardwatch gateway add bridge-01 monitor-01 monitor-02');
  stationOptions(gateway.command('add').argument('<id>', 'letters, digits, underscore and dash; at most 64'))
    .argument('[devices...]', 'the registered devices that it may publish for')
    .description('register a gateway and print its MQTT user name and secret, once')
    .option('--unit <unit>', 'the unit it belongs to, if it serves one')
    .addHelpText('after', '\nExample: wardwatch gateway add bridge-01 monitor-01 monitor-02 --unit icu')
    .action(addOne);
  stationOptions(gateway.command('list'))
    .description('list the registered gateways and their devices')
    .option('--unit <unit>', 'of one unit only')
    .addHelpText('after', '\nExample: wardwatch gateway list --json')
    .action(list);
  stationOptions(gateway.command('set-devices').argument('<id>', KNOWN))
    .argument('[devices...]', 'all devices that it may publish for; none: it may publish for none')
    .description('replace the list of devices that a gateway may publish for')
    .addHelpText('after', '\nExample: wardwatch gateway set-devices bridge-01 monitor-01 monitor-03')
    .action(setDevices);
  stationOptions(gateway.command('secret').argument('<id>', KNOWN))
    .description('give a gateway a new MQTT password; the old one is void at once')
    .addHelpText('after', '\nExample: wardwatch gateway secret bridge-01')
    .action(renewSecret);
  stationOptions(gateway.command('remove').argument('<id>', KNOWN))
    .description('remove a gateway, which is cut off at once; its devices stay')
    .addHelpText('after', '\nExample: wardwatch gateway remove bridge-01')
    .action(removeOne);
};
