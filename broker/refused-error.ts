/** Thrown to Aedes to close a connection whose refusal has been noted. */
export class RefusedError extends Error {
  override readonly name = 'RefusedError';
}
