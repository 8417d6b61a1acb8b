type Change<Thing> = { readonly [Key in keyof Thing]?: Thing[Key] | undefined };

/** The thing with a change put over it; what is undefined stays as it is. */
export const changed = <Thing extends object>(present: Thing, change: Change<Thing>): Thing => ({
  ...present,
  ...Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined)),
});
