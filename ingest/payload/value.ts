/**
 * What a payload says, whichever format it came in. Maps stay lists of what was sent, in its order and with what is there
 * twice: neither a key that JavaScript knows (`__proto__`) nor a second value of one key can then do anything unseen.
 */
export type Value = null | boolean | number | string | Moment | Unreadable | Fields | readonly Value[];

export class Fields {
  readonly keys: string[] = [];
  readonly values: Value[] = [];
}

/** A time that says of itself that it is one (CBOR tags 0 and 1). Epoch milliseconds. */
export class Moment {
  readonly epochMs: number;
  constructor(epochMs: number) {
    this.epochMs = epochMs;
  }
}

/** A well-formed part of a payload that nothing here reads. It is refused where it is used, and costs its neighbours nothing. */
export class Unreadable {
  readonly why: string;
  constructor(why: string) {
    this.why = why;
  }
}

/** The payload ends too early, is not well-formed or is more than its budget. The message never quotes it. */
export class PayloadError extends Error {}

/** A batch of wave blocks is five deep. */
export const MAX_DEPTH = 16;

/** A minute of eight waveforms at 1 kHz. */
const MAX_VALUES = 500_000;

/** An hour and a half of one-second messages with a few values that have a quality. Each takes some 150 bytes of memory. */
const MAX_CONTAINERS = 60_000;

/** Counts what is read before memory is taken for it. */
export const createBudget = () => {
  let values = 0;
  let containers = 0;
  return {
    reset() {
      values = 0;
      containers = 0;
    },
    value() {
      if (++values > MAX_VALUES) throw new PayloadError(`more than ${MAX_VALUES} values`);
    },
    container(depth: number) {
      if (depth > MAX_DEPTH) throw new PayloadError(`nested deeper than ${MAX_DEPTH}`);
      if (++containers > MAX_CONTAINERS) throw new PayloadError(`more than ${MAX_CONTAINERS} arrays and objects`);
    },
  };
};
