/** What the two sides of a thread tell each other. Both are of one program, so nothing is parsed. */

/** To the thread: a question, a wish for its next item, or that nobody waits for it any more; and the end of all. */
export type ToThread =
  | { readonly id: number; readonly verb: string; readonly input: unknown }
  | { readonly id: number; readonly wish: 'next' | 'leave' }
  | { readonly wish: 'end' };

/** From the thread: the next item of an answer, its end, or what went wrong; or a trouble that is of no question. */
export type FromThread =
  | { readonly id: number; readonly item: unknown }
  | { readonly id: number; readonly isDone: true }
  | { readonly id: number; readonly failed: ToldError }
  | { readonly trouble: string; readonly failed: ToldError };

/** An error as it can be sent: its class is lost, its name and what it carries are kept. */
export type ToldError = {
  readonly name: string;
  readonly message: string;
  readonly stack: string | undefined;
  readonly fields: Readonly<Record<string, unknown>>;
  readonly cause: ToldError | undefined;
};

export const tellError = (error: Error): ToldError => ({
  name: error.name,
  message: error.message,
  stack: error.stack,
  // By JSON, because a field may be a function or a socket, which cannot be sent.
  fields: JSON.parse(JSON.stringify({ ...error, cause: undefined, name: undefined })),
  cause: error.cause instanceof Error ? tellError(error.cause) : undefined,
});

/** Makes an error of a known class again; undefined: of a class that it does not know. */
export type Revive = (told: ToldError) => Error | undefined;

export const hearError = (told: ToldError, revive: Revive): Error => {
  const cause = told.cause && hearError(told.cause, revive);
  const error = revive(told) ?? Object.assign(new Error(told.message), told.fields, { name: told.name });
  return Object.assign(error, { stack: told.stack, ...(cause ? { cause } : {}) });
};
