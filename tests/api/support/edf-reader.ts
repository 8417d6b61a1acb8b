import { inMemory } from '../../../simulators/formats/bytes.ts';
import { openEdf } from '../../../simulators/formats/edf/file.ts';
import { ANNOTATIONS } from '../../../simulators/formats/edf/header.ts';

/** All of a file by the reader of recordings, which shares nothing with the writer and is checked against another program. */
export const readEdf = (file: Buffer) => {
  const { header, records, read, onsets, annotations } = openEdf('test.edf', inMemory(file));
  const { signals, ...fields } = header;
  const values = signals.map(({ label, physical, digital, samplesPerRecord }, index) => {
    if (label === ANNOTATIONS) return [];
    const step = (physical[1] - physical[0]) / (digital[1] - digital[0]);
    return Array.from(read(index, 0, records * samplesPerRecord), (raw) => physical[0] + step * (raw - digital[0]));
  });
  return { header: fields, signals, onsets: [...onsets()], annotations: [...annotations()], values };
};
