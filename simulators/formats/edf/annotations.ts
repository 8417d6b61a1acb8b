/** Time-stamped annotation lists of EDF+: seconds from the start of the file, a length in seconds, and texts. */
export type EdfAnnotation = {
  readonly onset: number;
  readonly duration: number | null;
  readonly texts: readonly string[];
};

const LIST_END = '\0';
const TEXT_END = '\x14';
const DURATION_MARK = '\x15';

/** The lists in the bytes of one record, the one that says when the record was included. */
export const annotationsIn = (bytes: Buffer): EdfAnnotation[] =>
  bytes
    .toString('utf8')
    .split(LIST_END)
    .flatMap((list) => {
      const [stamp = '', ...texts] = list.split(TEXT_END);
      const [onset = '', duration] = stamp.split(DURATION_MARK);
      if (!/^[+-]\d+(\.\d*)?$/.test(onset)) return [];
      return [
        {
          onset: Number(onset),
          duration: duration === undefined ? null : Number(duration),
          texts: texts.filter((text) => text !== ''),
        },
      ];
    });
