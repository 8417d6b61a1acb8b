/** One handler for each `type` of a union: a type without a handler does not compile. */
export type Handlers<Thing extends { readonly type: string }, Rest extends readonly unknown[] = [], Result = void> = {
  readonly [Type in Thing['type']]: (thing: Extract<Thing, { type: Type }>, ...rest: Rest) => Result;
};

/**
 * Calls the handler of the thing's type. TypeScript cannot see that the two belong together, so the cast is here, once.
 */
export const dispatch = <Thing extends { readonly type: string }, Rest extends readonly unknown[], Result>(
  handlers: Handlers<Thing, Rest, Result>,
  thing: Thing,
  ...rest: Rest
): Result => (handlers[thing.type as Thing['type']] as (thing: Thing, ...rest: Rest) => Result)(thing, ...rest);
