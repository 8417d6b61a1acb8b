import { coerceError } from '#platform/errors.ts';
import { readStationFile } from '#platform/station-file.ts';
import type { FoundStation } from '../station-client.ts';
import { type Finding, fail, ok, warn } from './finding.ts';

const TIMEOUT_MS = 5_000;

/** What /health/ready says, word for word: it names what is degraded and why. */
export const checkStation = async (dataDir: string, station: FoundStation | undefined): Promise<Finding> => {
  if (!station) {
    const left = await readStationFile(dataDir).catch(() => undefined);
    return left
      ? warn(
          'station',
          `pid ${left.pid} left a station.json and does not answer`,
          'it crashed or hangs: start it again',
        )
      : ok('station', 'none is running here');
  }
  const { pid, http, startedAt } = station.info;
  const where = `pid ${pid}, ${http}, since ${startedAt}`;
  try {
    const response = await fetch(`${http}/health/ready`, { signal: AbortSignal.timeout(TIMEOUT_MS) });
    const text = (await response.text()).replace(/\s+/g, ' ');
    return text.includes('"status":"ready"')
      ? ok('station', where)
      : warn(
          'station',
          `${where}, ${response.ok ? 'degraded' : 'unavailable'}: ${text.slice(0, 300)}`,
          'see docs/runbook.md',
        );
  } catch (error) {
    return fail('station', `${where}, does not answer (${coerceError(error).message})`, 'see docs/runbook.md');
  }
};
