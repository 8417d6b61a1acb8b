/** Readings as columns, in the order of the journal, ready to become rows. Times are epoch milliseconds. */
export type VitalColumns = {
  readonly time: ArrayLike<number>;
  readonly receivedAt: ArrayLike<number>;
  /** NaN: the sensor was there and had no value. */
  readonly value: ArrayLike<number>;
  readonly seriesId: ArrayLike<number>;
  readonly quality: ArrayLike<number>;
  /** 0 or 1. */
  readonly late: ArrayLike<number>;
};

/** Columns that grow. They are used again for the next batch, because new memory for each would soon be garbage. */
export type GrowingColumns = {
  readonly add: (
    time: number,
    receivedAt: number,
    value: number,
    seriesId: number,
    quality: number,
    late: number,
  ) => void;
  readonly length: () => number;
  readonly setSeriesId: (row: number, seriesId: number) => void;
  /** A view, which is right until the next `add`. */
  readonly view: () => VitalColumns;
  readonly clear: () => void;
};

const FIRST_ROWS = 4_096;

const columnsFor = (rows: number) => ({
  time: new Float64Array(rows),
  receivedAt: new Float64Array(rows),
  value: new Float64Array(rows),
  seriesId: new Int32Array(rows),
  quality: new Uint8Array(rows),
  late: new Uint8Array(rows),
});

export const createVitalColumns = (): GrowingColumns => {
  let columns = columnsFor(FIRST_ROWS);
  let length = 0;

  const grow = (): void => {
    const larger = columnsFor(length * 2);
    larger.time.set(columns.time);
    larger.receivedAt.set(columns.receivedAt);
    larger.value.set(columns.value);
    larger.seriesId.set(columns.seriesId);
    larger.quality.set(columns.quality);
    larger.late.set(columns.late);
    columns = larger;
  };

  return {
    add(time, receivedAt, value, seriesId, quality, late) {
      if (length === columns.time.length) grow();
      columns.time[length] = time;
      columns.receivedAt[length] = receivedAt;
      columns.value[length] = value;
      columns.seriesId[length] = seriesId;
      columns.quality[length] = quality;
      columns.late[length] = late;
      length++;
    },
    length: () => length,
    setSeriesId(row, seriesId) {
      columns.seriesId[row] = seriesId;
    },
    view: () => ({
      time: columns.time.subarray(0, length),
      receivedAt: columns.receivedAt.subarray(0, length),
      value: columns.value.subarray(0, length),
      seriesId: columns.seriesId.subarray(0, length),
      quality: columns.quality.subarray(0, length),
      late: columns.late.subarray(0, length),
    }),
    clear() {
      length = 0;
    },
  };
};

/** A place in a batch takes so many bits; with the 31 of a series id that is a whole number a double can hold. */
const PLACES = 2 ** 22;

/**
 * The places of the rows in the order of the index, series after series. Rows of a series keep the order of the journal,
 * which is that of their times but for what came late.
 */
export const orderOfIndex = ({ seriesId }: VitalColumns): ArrayLike<number> => {
  const { length } = seriesId;
  if (length > PLACES) throw new RangeError(`${length} readings are too many for one batch`);
  const keys = new Float64Array(length);
  for (let place = 0; place < length; place++) keys[place] = (seriesId[place] ?? 0) * PLACES + place;
  keys.sort();
  const order = new Uint32Array(length);
  for (let index = 0; index < length; index++) order[index] = (keys[index] ?? 0) % PLACES;
  return order;
};

/** Whether two rows of a series that follow each other have the same time. */
export const hasTwins = ({ seriesId, time }: VitalColumns, order: ArrayLike<number>): boolean => {
  for (let index = 1; index < order.length; index++) {
    const before = order[index - 1] ?? 0;
    const place = order[index] ?? 0;
    if (seriesId[before] === seriesId[place] && time[before] === time[place]) return true;
  }
  return false;
};
