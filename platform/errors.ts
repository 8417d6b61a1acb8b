/** An error whose text is meant for the person who started the program: one line, with the remedy. */
export class UserError extends Error {
  override readonly name = 'UserError';
}

/** Whatever was thrown, as an Error. */
export const coerceError = (thrown: unknown): Error =>
  thrown instanceof Error ? thrown : new Error(typeof thrown === 'string' ? thrown : JSON.stringify(thrown));

/** The `code` that Node's and PostgreSQL's errors carry. */
export const errorCode = (thrown: unknown): string | undefined => {
  const code = typeof thrown === 'object' && thrown !== null && 'code' in thrown ? thrown.code : undefined;
  return typeof code === 'string' ? code : undefined;
};
