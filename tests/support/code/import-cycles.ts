import type { CodeFile } from './read-code.ts';

type Visit = { readonly index: number; low: number; isOpen: boolean };

/** Groups of files that import each other in a circle, types included (Tarjan's strongly connected components). */
export const importCycles = (files: readonly Pick<CodeFile, 'path' | 'imports'>[]): string[][] => {
  const imports = new Map(files.map(({ path, imports }) => [path, imports]));
  const visits = new Map<string, Visit>();
  const open: string[] = [];
  const cycles: string[][] = [];

  const enter = (path: string): Visit => {
    const visit: Visit = { index: visits.size, low: visits.size, isOpen: true };
    visits.set(path, visit);
    open.push(path);
    for (const next of imports.get(path) ?? []) {
      if (!imports.has(next)) continue;
      const known = visits.get(next);
      if (known?.isOpen) visit.low = Math.min(visit.low, known.index);
      else if (!known) visit.low = Math.min(visit.low, enter(next).low);
    }
    if (visit.low === visit.index) close(path);
    return visit;
  };

  /** All that was opened after `path` is in a circle with it. */
  const close = (path: string): void => {
    const group = open.splice(open.lastIndexOf(path));
    for (const member of group) {
      const visit = visits.get(member);
      if (visit) visit.isOpen = false;
    }
    if (group.length > 1 || imports.get(path)?.includes(path)) cycles.push(group.sort());
  };

  for (const { path } of files) if (!visits.has(path)) enter(path);
  return cycles;
};
