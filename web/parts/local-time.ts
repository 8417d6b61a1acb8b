/**
 * Times as `<input type="datetime-local">` has them, in the zone of this browser. Once a year an hour is there twice, and
 * once an hour is not there at all: then a text alone does not say when.
 */

const HALF_DAY_MS = 43_200_000;

/** The text of a time, to the second. */
export const toLocalInput = (ms: number): string => {
  const local = new Date(ms - new Date(ms).getTimezoneOffset() * 60_000);
  return local.toISOString().slice(0, 19);
};

/** Browsers leave out seconds that are 0. */
const whole = (text: string): string => (text.length === 16 ? `${text}:00` : text);

/** Every moment that is shown as the text, the earliest first: one, two in a repeated hour, none in a skipped one. */
export const momentsOf = (text: string): readonly number[] => {
  const asUtc = Date.parse(`${whole(text)}Z`);
  if (!Number.isFinite(asUtc)) return [];
  const offsets = [-HALF_DAY_MS, 0, HALF_DAY_MS].map((apart) => new Date(asUtc + apart).getTimezoneOffset());
  const found = [...new Set(offsets)].map((minutes) => asUtc + minutes * 60_000);
  return found.filter((ms) => toLocalInput(ms) === whole(text).slice(0, 19)).sort((one, other) => one - other);
};

/** The moment whose zone is that of the time before; else the earliest. undefined: there is no moment. */
export const momentNear = (moments: readonly number[], beforeMs: number | undefined): number | undefined => {
  const before = beforeMs === undefined ? undefined : new Date(beforeMs).getTimezoneOffset();
  return moments.find((ms) => new Date(ms).getTimezoneOffset() === before) ?? moments[0];
};

/** The offset of the zone, as `UTC+02:00`. */
export const zoneText = (ms: number): string => {
  const minutes = -new Date(ms).getTimezoneOffset();
  const two = (value: number): string => String(Math.floor(value)).padStart(2, '0');
  return `UTC${minutes < 0 ? '−' : '+'}${two(Math.abs(minutes) / 60)}:${two(Math.abs(minutes) % 60)}`;
};
