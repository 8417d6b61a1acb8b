import { type Command, Option } from 'commander';
import { z } from 'zod';
import { Bed } from '#contracts/http/beds.ts';
import { Device } from '#contracts/http/devices.ts';
import { Unit } from '#contracts/http/units.ts';
import { DEFAULT_ROLE, DEVICE_ROLES } from '#domain/sources/roles.ts';
import { UserError } from '#platform/errors.ts';
import type { StationApi } from '../simulators/station-api.ts';
import { addWatch } from './device/watch.ts';
import { parseDurationMs } from './options.ts';
import { printJson, printLine, table } from './output.ts';
import { connectToStation, type StationOptions, stationOptions } from './station-client.ts';

const Listed = Device.extend({ bed: z.string().nullish() });
const Credentials = z.object({ username: z.string(), secret: z.string() });

const CREDENTIALS = ['MQTT user name', 'MQTT password (shown this once)'];

type AddOptions = StationOptions & {
  unit: string;
  bed?: string;
  role: string;
  model?: string;
  create?: true;
  json?: true;
};
type ListOptions = StationOptions & { unit?: string; json?: true };

const idsOf = (things: readonly { id: string }[]): string => things.map(({ id }) => id).join(', ') || 'none yet';

/** Makes what is missing when that was asked for, else says what there is. */
const ensurePlace = async ({ request }: StationApi, { unit, bed, create }: AddOptions): Promise<void> => {
  const units = await request(z.array(Unit), 'GET', 'units');
  if (!units.some(({ id }) => id === unit)) {
    if (!create) {
      throw new UserError(`there is no unit ${unit}: name one of the units (${idsOf(units)}), or add --create`);
    }
    await request(Unit, 'PUT', `units/${encodeURIComponent(unit)}`, { name: unit });
  }
  if (bed === undefined) return;
  const beds = await request(z.array(Bed), 'GET', 'beds');
  const place = beds.find(({ id }) => id === bed);
  if (place?.unit === unit) return;
  if (place) throw new UserError(`bed ${bed} stands in unit ${place.unit}: name that unit, or another bed`);
  if (!create) {
    const here = idsOf(beds.filter((other) => other.unit === unit));
    throw new UserError(`unit ${unit} has no bed ${bed}: name one of its beds (${here}), or add --create`);
  }
  await request(Bed, 'PUT', `beds/${encodeURIComponent(bed)}`, { unit, label: bed });
};

const addOne = async (id: string, options: AddOptions): Promise<void> => {
  const { unit, bed, role, model, json } = options;
  const client = await connectToStation(options);
  await ensurePlace(client, options);
  const { username, secret } = await client.request(Credentials, 'POST', 'devices', { id, unit, bed, role, model });
  if (json) return printJson({ device: id, unit, bed, username, secret, topic: `ward/v1/${unit}/${id}/vitals` });
  printLine(table(['device', 'unit', 'bed', ...CREDENTIALS], [[id, unit, bed ?? '-', username, secret]]));
};

const renewSecret = async (id: string, options: StationOptions & { json?: true }): Promise<void> => {
  const { request } = await connectToStation(options);
  const { username, secret } = await request(Credentials, 'POST', `devices/${encodeURIComponent(id)}/secret`);
  if (options.json) printJson({ device: id, username, secret });
  else printLine(table(['device', ...CREDENTIALS], [[id, username, secret]]));
};

const CONTINUOUS = 'continuous';

const intervalText = (intervalMs: number | null): string =>
  intervalMs === null ? CONTINUOUS : `${intervalMs / 1_000} s`;

const parseIntervalMs = (text: string): number | null => (text === CONTINUOUS ? null : parseDurationMs(text));

const changeInterval = async (
  id: string,
  intervalMs: number | null,
  options: StationOptions & { json?: true },
): Promise<void> => {
  const { request } = await connectToStation(options);
  const device = await request(Listed, 'PUT', `devices/${encodeURIComponent(id)}/interval`, { intervalMs });
  if (options.json) printJson(device);
  else printLine(table(['device', 'interval'], [[id, intervalText(device.intervalMs)]]));
};

const list = async (options: ListOptions): Promise<void> => {
  const { request } = await connectToStation(options);
  const query = options.unit === undefined ? '' : `?unit=${encodeURIComponent(options.unit)}`;
  const devices = await request(z.array(Listed), 'GET', `devices${query}`);
  if (options.json) return printJson(devices);
  printLine(
    table(
      ['device', 'unit', 'bed', 'role', 'interval', 'model', 'firmware'],
      devices.map(({ id, unit, bed, role, intervalMs, model, firmware }) => [
        id,
        unit,
        bed ?? '-',
        role,
        intervalText(intervalMs),
        model ?? '-',
        firmware ?? '-',
      ]),
    ),
  );
};

export const addDevice = (program: Command): void => {
  const device = program
    .command('device')
    .description('add, set up, list and watch the bedside devices of a running station')
    .addHelpText('after', '\nExample: wardwatch device add monitor-01 --unit icu --bed icu-01 --create');
  stationOptions(device.command('add').argument('<id>', 'letters, digits, underscore and dash; at most 64'))
    .description('register a device and print its MQTT user name and secret, once')
    .requiredOption('--unit <unit>', 'the unit it belongs to')
    .option('--bed <bed>', 'the bed it stands at, from now on')
    .addOption(new Option('--role <role>', 'what it is for at a bed').choices(DEVICE_ROLES).default(DEFAULT_ROLE))
    .option('--model <model>', 'what it is')
    .option('--create', 'make the unit and the bed when they do not exist')
    .addHelpText('after', '\nExample: wardwatch device add monitor-01 --unit icu --bed icu-01 --create')
    .action(addOne);
  stationOptions(device.command('secret').argument('<id>', 'a registered device'))
    .description('give a device a new MQTT password; the old one is void at once')
    .addHelpText('after', '\nExample: wardwatch device secret monitor-01')
    .action(renewSecret);
  stationOptions(
    device
      .command('interval')
      .argument('<id>', 'a registered device')
      .argument('<interval>', `how far apart its messages are, as 60s, or ${CONTINUOUS}`, parseIntervalMs),
  )
    .description('say how often a device sends: silence, and how long a value stands, follow it')
    .addHelpText('after', '\nExample: wardwatch device interval monitor-01 60s')
    .action(changeInterval);
  stationOptions(device.command('list'))
    .description('list the registered devices')
    .option('--unit <unit>', 'of one unit only')
    .addHelpText('after', '\nExample: wardwatch device list --unit icu --json')
    .action(list);
  addWatch(device);
};
