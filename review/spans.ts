/** Sets of moments, as spans from–to in their order that do not touch each other. Any unit of time. */

export type Span = { readonly from: number; readonly to: number };

/** Spans in any order, also overlapping; those at most `apart` from each other become one. Empty ones stay. */
export const union = (spans: readonly Span[], apart = 0): Span[] => {
  const joined: { from: number; to: number }[] = [];
  for (const { from, to } of [...spans].sort((one, other) => one.from - other.from)) {
    const last = joined.at(-1);
    if (last && from <= last.to + apart) last.to = Math.max(last.to, to);
    else joined.push({ from, to });
  }
  return joined;
};

/** What is in both; one and the other may overlap within themselves. */
export const intersect = (one: readonly Span[], other: readonly Span[]): Span[] =>
  union(
    one.flatMap((ours) =>
      other.flatMap((theirs) => {
        const both = { from: Math.max(ours.from, theirs.from), to: Math.min(ours.to, theirs.to) };
        return both.from <= both.to ? [both] : [];
      }),
    ),
  );

/** What is in one and not in the other. A moment without length is gone when the other holds it. */
export const subtract = (one: readonly Span[], other: readonly Span[]): Span[] => {
  const taken = union(other);
  return union(one).flatMap(({ from, to }) => {
    const left: Span[] = [];
    let begin = from;
    let isGone = false;
    for (const hole of taken) {
      if (hole.to < begin || hole.from > to) continue;
      if (hole.from > begin) left.push({ from: begin, to: hole.from });
      begin = hole.to;
      isGone = begin >= to;
    }
    return isGone ? left : [...left, { from: begin, to }];
  });
};

/** How long they are together. */
export const lengthOf = (spans: readonly Span[]): number => spans.reduce((sum, { from, to }) => sum + to - from, 0);
