import { type Config, parseConfig } from '#platform/config.ts';
import { UserError } from '#platform/errors.ts';
import type { Settings } from '../settings.ts';
import { findStation } from '../station-client.ts';
import { checkAlarmSettings } from './alarm-settings.ts';
import { checkClock } from './clock.ts';
import { checkDatabase } from './database.ts';
import { checkDescriptors } from './descriptors.ts';
import { checkDataDir, checkDisk } from './disk.ts';
import { type Finding, fail, ok } from './finding.ts';
import { checkIds } from './ids.ts';
import { checkPorts } from './ports.ts';
import { checkStation } from './station.ts';

export type { Finding } from './finding.ts';

const checkNode = (): Finding => ok('Node', process.versions.node);

const readConfig = (settings: Settings): Config | Finding => {
  try {
    return parseConfig(settings);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return fail('settings', error.message, 'correct them in the environment or in .env');
  }
};

/** All checks, in the order in which a person would look. With bad settings the other checks are left out. */
export const inspect = async (settings: Settings): Promise<readonly Finding[]> => {
  const config = readConfig(settings);
  if ('check' in config) return [checkNode(), config];
  const station = await findStation(config.dataDir);
  const findings = await Promise.all([
    checkDataDir(config.dataDir),
    checkDisk(config),
    checkPorts(config, station?.info),
    checkDescriptors(config, station),
    checkDatabase(config, station),
    checkAlarmSettings(config, station),
    checkIds(config, station),
    checkClock(),
    checkStation(config.dataDir, station),
  ]);
  return [checkNode(), ok('settings', 'all understood'), ...findings.flat()];
};
