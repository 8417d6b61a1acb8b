import { readAlarmBody } from '../alarm-record.ts';
import { readMonitorBody } from '../monitor-record.ts';
import { BODIES_V1, type ReadBody } from './v1.ts';

/**
 * Records of today: a byte that names the format, then as before. What is not here is as it was in version 1. Kind 6
 * came after release 0.2.0, which sets such a record aside; its body names a format of its own.
 */

export const BODIES_V2: Readonly<Record<number, ReadBody>> = {
  ...BODIES_V1,
  5: (reader, receivedAt) => ({ kind: 'alarm', receivedAt, ...readAlarmBody(reader.bytes(), 2) }),
  6: (reader, receivedAt) => ({ kind: 'monitor', receivedAt, ...readMonitorBody(reader.bytes()) }),
};
