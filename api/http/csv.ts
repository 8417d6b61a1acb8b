/** CSV as in RFC 4180: fields by comma, records by CRLF, quotes where needed. */

export type CsvValue = Date | string | number | boolean | null | undefined;

/** Times are ISO 8601 in UTC; what is missing is an empty field. */
export const csvRecord = (values: readonly CsvValue[]): string => `${values.map(csvField).join(',')}\r\n`;

/** A spreadsheet takes a text that starts so for a formula, and a formula may send data away: it is made text. */
const FORMULA = /^[=+\-@\t\r]/;
const NEEDS_QUOTES = /[",\r\n]/;

const csvField = (value: CsvValue): string => {
  if (value === null || value === undefined) return '';
  if (value instanceof Date) return value.toISOString();
  if (typeof value !== 'string') return String(value);
  const text = FORMULA.test(value) ? `'${value}` : value;
  return NEEDS_QUOTES.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
};
