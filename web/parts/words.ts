/**
 * The word for an id that came from the station. The table is total, so that a missing word does not compile; an id that is in
 * no table is from a station that is newer than this page, which will soon load itself anew.
 */
export const wordOf = <Id extends string>(words: Readonly<Record<Id, string>>, id: string): string =>
  isIn(words, id) ? words[id] : id;

const isIn = <Id extends string>(words: Readonly<Record<Id, string>>, id: string): id is Id => Object.hasOwn(words, id);
