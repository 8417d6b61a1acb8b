import { systemClock } from '#platform/clock.ts';
import { createLog } from '#platform/log.ts';
import { readConfig } from '../../cli/settings.ts';
import { version } from '../../cli/version.ts';
import { createNode } from '../../main.ts';

/** A station whose clock is another's: `CLOCK_SHIFT_MS` from this machine's. Otherwise as `wardwatch start --json`. */

const shiftMs = Number(process.env.CLOCK_SHIFT_MS);
const config = readConfig({});
const station = createNode('station', {
  config,
  log: createLog({ level: config.logLevel }),
  clock: { ...systemClock, now: () => Date.now() + shiftMs },
  version,
});
process.once('SIGTERM', () => {
  void station.stop().then(() => process.exit(0));
});
try {
  process.stdout.write(`${JSON.stringify({ event: 'ready', ...(await station.start()) })}\n`);
} catch (error) {
  process.stderr.write(`${String(error)}\n`);
  process.exit(1);
}
