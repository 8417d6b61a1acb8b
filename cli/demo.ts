import type { Command } from 'commander';
import { systemClock } from '#platform/clock.ts';
import { type Config, parseConfig } from '#platform/config.ts';
import { createLog, logWarnings } from '#platform/log.ts';
import { tokensOf } from './identity.ts';
import { parseCount, parseWardSpeed } from './options.ts';
import { announceJson, announceLine, note } from './output.ts';
import { runUntilSignal } from './run-until-signal.ts';
import { DATA_DIR_OPTION, readSettings } from './settings.ts';
import { wallUrl } from './start.ts';
import { demoDataDir } from './station-client.ts';
import { signInUrl } from './token.ts';
import { version } from './version.ts';

type DemoOptions = { dataDir?: string; beds: number; units: number; seed: number; speed: number; json?: true };

const LINK_LIFETIME_MS = 3_600_000;
const TOKEN_LIFETIME_MS = 3_600_000;
/** Enough to see how several devices share a bed, and few enough that most beds are as simple as most are. */
const COMPANION_BEDS = 3;

/** Always the embedded database and a folder of its own: simulated patients never get in among a ward's own. */
const demoConfig = (options: DemoOptions): Config => {
  const settings = readSettings(options);
  const { dataDir } = parseConfig(settings);
  return parseConfig({
    ...settings,
    LOG_LEVEL: settings.LOG_LEVEL || 'warn',
    DATABASE_URL: undefined,
    DATA_DIR: demoDataDir(dataDir),
  });
};

const welcome = (options: DemoOptions, wall: string, link: string, mqtt: string, dataDir: string): string => `
wardwatch ${version}: ${options.beds} simulated beds in ${options.units} units

  wall display   ${wall}
  sign in here   ${link}
                 (once, within the hour; another: npx wardwatch token --link)

MQTT is at ${mqtt}, everything it writes is in ${dataDir}. Ctrl-C stops all of it.
This is not a certified medical device. No patient here is real; where one is, the bedside monitor stays the primary alarm.
`;

const runDemo = async (options: DemoOptions): Promise<void> => {
  const config = demoConfig(options);
  const [{ createNode }, { runWard }] = await Promise.all([import('../main.ts'), import('../simulators/ward.ts')]);
  const log = createLog({ level: config.logLevel });
  logWarnings(log);
  const station = createNode('station', { config, log, clock: systemClock, version });

  await runUntilSignal({
    async run(signal) {
      const { http, mqtt } = await station.start();
      const tokens = await tokensOf(config.dataDir);
      const issue = (kind: 'access' | 'link', expiresInMs: number) =>
        tokens.issue({ name: 'demo', role: 'operator', kind, expiresInMs });

      const announce = async () => {
        const wall = wallUrl(config, { http });
        const link = signInUrl(config.publicUrl ?? http, await issue('link', LINK_LIFETIME_MS));
        if (options.json) announceJson({ event: 'ready', version, wall, link, http, mqtt, dataDir: config.dataDir });
        else announceLine(welcome(options, wall, link, mqtt, config.dataDir));
      };

      let announced: Promise<void> | undefined;
      await runWard({
        stationUrl: http,
        mqttUrl: mqtt,
        token: await issue('access', TOKEN_LIFETIME_MS),
        beds: options.beds,
        units: options.units,
        seed: options.seed,
        speed: options.speed,
        waves: true,
        companionBeds: COMPANION_BEDS,
        signal,
        // The link is printed once the beds send: who opens it at once should see them.
        onProgress({ phase }) {
          if (phase === 'running') announced ??= announce();
        },
      });
      await announced;
    },
    stop: () => station.stop(),
  });
  note(`Stopped. What it wrote is in ${config.dataDir}: the next demo goes on from there, or delete it.`);
  // Waiting lines that nobody reads would keep the process running.
  process.exit();
};

export const addDemo = (program: Command): void => {
  program
    .command('demo')
    .description('run a station with a simulated ward, to look at: no device, no database, nothing to set up')
    .option('--beds <number>', 'how many beds', parseCount(1, 1_000), 16)
    .option('--units <number>', 'over how many units', parseCount(1, 50), 2)
    .option('--seed <number>', 'the same seed gives the same patients', parseCount(0, 2 ** 31), 1)
    .option(
      '--speed <factor>',
      'above 1 the last day is played first, this many times as fast as life',
      parseWardSpeed,
      1,
    )
    .option(...DATA_DIR_OPTION)
    .option('--json', 'print the line that says it is ready as JSON')
    .addHelpText(
      'after',
      `
It runs on the embedded database and keeps everything in the folder demo of DATA_DIR. Ctrl-C stops it.

Example: wardwatch demo --beds 4 --units 1`,
    )
    .action(runDemo);
};
