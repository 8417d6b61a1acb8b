/** PostgreSQL's text cannot hold U+0000, and what came from outside may hold anything. */
export const printable = (text: string): string => text.replaceAll('\0', '\u2400');

/**
 * A value as the text of a jsonb parameter. jsonb takes neither U+0000 nor half a surrogate pair, which JSON.stringify
 * writes as escapes; each escape is matched whole, so that an escaped backslash before a `u` stays what it is.
 */
export const jsonb = (value: unknown): string => {
  const json = JSON.stringify(value);
  // Nearly always there is no escape in it, and to look for one is quick.
  return json.includes('\\') ? withoutRefused(json) : json;
};

const withoutRefused = (json: string): string =>
  json.replaceAll(/\\(?:u0000|ud[89a-f][0-9a-f]{2}|.)/g, (part) => {
    if (part === '\\u0000') return '\u2400';
    return part.startsWith('\\ud') ? '\ufffd' : part;
  });
