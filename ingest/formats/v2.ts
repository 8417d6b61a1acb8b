import { readAlarmBody } from '../alarm-record.ts';
import { BODIES_V1, type ReadBody } from './v1.ts';

/**
 * Records of today: a byte that names the format, then as before. What is not here is as it was in version 1.
 */

/** No kind of version 1 is that large: by its first byte a record says whether it names its format. */
export const FORMAT_FLAG = 0x80;

export const BODIES_V2: Readonly<Record<number, ReadBody>> = {
  ...BODIES_V1,
  5: (reader, receivedAt) => ({ kind: 'alarm', receivedAt, ...readAlarmBody(reader.bytes(), 2) }),
};
