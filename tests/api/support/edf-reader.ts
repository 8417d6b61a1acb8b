/** A reader of EDF+ by its specification, for the tests: it shares nothing with the writer. */

type Signal = {
  label: string;
  dimension: string;
  physical: [min: number, max: number];
  digital: [min: number, max: number];
  samplesPerRecord: number;
};

type Annotation = { onset: number; duration: number | null; texts: string[] };

export const readEdf = (file: Buffer) => {
  let at = 0;
  const take = (length: number): string => {
    const text = file.toString('latin1', at, at + length);
    at += length;
    return text.trimEnd();
  };
  const [version, patient, recording, date, time] = [take(8), take(80), take(80), take(8), take(8)];
  const headerBytes = Number(take(8));
  const [reserved, records, recordSeconds, count] = [take(44), Number(take(8)), Number(take(8)), Number(take(4))];
  const all = (length: number): string[] => Array.from({ length: count }, () => take(length));
  const [labels, , dimensions] = [all(16), all(80), all(8)];
  const [physicalMin, physicalMax, digitalMin, digitalMax] = [all(8), all(8), all(8), all(8)];
  all(80);
  const samplesPerRecord = all(8).map(Number);
  all(32);
  const signals: Signal[] = labels.map((label, index) => ({
    label,
    dimension: dimensions[index] ?? '',
    physical: [Number(physicalMin[index]), Number(physicalMax[index])],
    digital: [Number(digitalMin[index]), Number(digitalMax[index])],
    samplesPerRecord: samplesPerRecord[index] ?? 0,
  }));

  const annotations: Annotation[] = [];
  const onsets: number[] = [];
  const values: number[][] = signals.map(() => []);
  at = headerBytes;
  for (let record = 0; record < records; record += 1) {
    signals.forEach(({ label, physical, digital, samplesPerRecord: length }, index) => {
      if (label === 'EDF Annotations') {
        const tals = file
          .toString('utf8', at, at + 2 * length)
          .split('\0')
          .filter(Boolean);
        tals.forEach((tal, place) => {
          const [stamp = '', ...texts] = tal.split('\x14');
          const [onset = '', duration] = stamp.split('\x15');
          if (place === 0) onsets.push(Number(onset));
          else {
            annotations.push({
              onset: Number(onset),
              duration: duration === undefined ? null : Number(duration),
              texts: texts.filter(Boolean),
            });
          }
        });
      } else {
        const gain = (physical[1] - physical[0]) / (digital[1] - digital[0]);
        for (let sample = 0; sample < length; sample += 1) {
          values[index]?.push(physical[0] + gain * (file.readInt16LE(at + 2 * sample) - digital[0]));
        }
      }
      at += 2 * length;
    });
  }
  const header = { version, patient, recording, date, time, headerBytes, reserved, records, recordSeconds };
  return { header, signals, onsets, annotations, values, bytesRead: at };
};
