import { type Config, wishedShares } from '#platform/config.ts';
import {
  type DescriptorShares,
  neededDescriptors,
  raiseDescriptorLimit,
  readDescriptorLimit,
  readDescriptorLimits,
  shareDescriptors,
} from '#platform/descriptors.ts';
import type { FoundStation } from '../station-client.ts';
import { type Finding, ok, warn } from './finding.ts';
import { askDatabase } from './registry.ts';

/** Whether as many can connect as the settings allow, and as the registry has. */

const CHECK = 'file descriptors';
const PLACES = 'places for devices';

export const findingOfLimit = (limit: number, wished: DescriptorShares, whose: string): Finding => {
  const needed = neededDescriptors(wished);
  const have = Number.isFinite(limit) ? `${limit} for ${whose}` : `no limit for ${whose}`;
  if (limit >= needed) return ok(CHECK, `${have}, the settings need ${needed}`);
  const { mqtt, http, strangers } = shareDescriptors(limit, wished);
  const places = [
    `${mqtt} of ${wished.mqtt} over MQTT (MQTT_MAX_CONNECTIONS)`,
    `${http} of ${wished.http} over HTTP (HTTP_MAX_CONNECTIONS)`,
    `${strangers} of ${wished.strangers} that have not signed in (MAX_STRANGERS)`,
  ];
  return warn(
    CHECK,
    `${have}, the settings need ${needed}: room for ${places.join(', ')}`,
    raiseDescriptorLimit(needed),
  );
};

/** `registered`: devices that connect themselves, and gateways; undefined when nobody can be asked. */
export const findingOfPlaces = (registered: number | undefined, places: number): Finding => {
  if (registered === undefined) return ok(PLACES, `${places}`);
  const detail = `${places}, and ${registered} devices and gateways that connect`;
  return registered <= places
    ? ok(PLACES, detail)
    : warn(
        PLACES,
        detail,
        `set MQTT_MAX_CONNECTIONS above ${registered}: who comes when all places are taken is refused`,
      );
};

const REGISTERED = `
select (select count(*) from devices where gateway_id is null)::int + (select count(*) from gateways)::int as registered`;

/** A station that runs has limits of its own, which are not those of the shell in which the doctor is asked. */
export const checkDescriptors = async (
  config: Config,
  station: FoundStation | undefined,
): Promise<readonly Finding[]> => {
  const ofStation = station && readDescriptorLimits(station.info.pid);
  const limit = ofStation?.soft ?? readDescriptorLimit();
  const whose = ofStation ? 'the running station' : 'what is started from here';
  const wished = wishedShares(config);
  const rows = await askDatabase(config, station, (client) => client.query<{ registered: number }>(REGISTERED));
  return [
    findingOfLimit(limit, wished, whose),
    findingOfPlaces(rows?.rows[0]?.registered, shareDescriptors(limit, wished).mqtt),
  ];
};
