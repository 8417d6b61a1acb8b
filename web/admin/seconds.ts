/** Seconds to a tenth, as a person would set them at a device. */
export const secondsOf = (ms: number): string => String(Math.round(ms / 100) / 10);
