import type { Command } from 'commander';
import { systemClock } from '#platform/clock.ts';
import type { Config } from '#platform/config.ts';
import { createLog, logWarnings } from '#platform/log.ts';
import type { StationAddresses } from '../main.ts';
import { announceJson, announceLine } from './output.ts';
import { aborted, runUntilSignal } from './run-until-signal.ts';
import { DATA_DIR_OPTION, readConfig } from './settings.ts';
import { version } from './version.ts';

export const wallUrl = ({ publicUrl }: Pick<Config, 'publicUrl'>, { http }: Pick<StationAddresses, 'http'>): string =>
  `${publicUrl ?? http}/wall`;

const announce = (config: Config, ready: StationAddresses, { json }: { json?: true }): void => {
  const wall = wallUrl(config, ready);
  const { http, mqtt, mqtts, databaseLevel } = ready;
  const brokers = [mqtt, mqtts].filter((address) => address !== undefined).join(' and ');
  if (json) announceJson({ event: 'ready', version, wall, http, mqtt, mqtts, databaseLevel });
  else announceLine(`wardwatch ${version} is ready: wall display ${wall}, MQTT ${brokers}, database ${databaseLevel}`);
};

export const addStart = (program: Command): void => {
  program
    .command('start')
    .description('run the station: MQTT broker, ingest, API and wall display in one process')
    .option(...DATA_DIR_OPTION)
    .option('--json', 'print the line that says it is ready as JSON')
    .addHelpText(
      'after',
      `
Prints one line when it is ready. SIGTERM and SIGINT drain and stop it within 10 seconds, a second one stops it at once.
Settings come from the environment and from .env, see .env.example. Logs go to standard error as JSON lines.

Example: HTTP_PORT=8090 wardwatch start --data-dir /var/lib/wardwatch`,
    )
    .action(async (options: { dataDir?: string; json?: true }) => {
      const config = readConfig(options);
      const { createNode } = await import('../main.ts');
      const log = createLog({ level: config.logLevel });
      logWarnings(log);
      const station = createNode('station', { config, log, clock: systemClock, version });
      await runUntilSignal({
        async run(signal) {
          announce(config, await station.start(), options);
          await aborted(signal);
        },
        stop: () => station.stop(),
      });
      // Waiting lines that nobody reads would keep the process running.
      process.exit();
    });
};
