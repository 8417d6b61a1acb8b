import { buffer } from 'node:stream/consumers';
import { decodeStatus, decodeVitals, decodeWaves } from './decode.ts';
import { decodeAlarms } from './monitor-alarms/decode.ts';

/**
 * Decodes the payload on standard input as one of the given channel, in a process of its own: `in-hand.ts` starts it
 * with a payload that was in hand when the station died. It prints that it begins, and ends with 0 if it survives.
 */
const DECODERS: Readonly<Record<string, (payload: Buffer) => unknown>> = {
  vitals: decodeVitals,
  waves: decodeWaves,
  status: decodeStatus,
  alarms: decodeAlarms,
};

const payload = await buffer(process.stdin);
process.stdout.write('begun\n', () => DECODERS[process.argv[2] ?? '']?.(payload));
