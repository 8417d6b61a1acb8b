import type { Meaning, Unusable } from './columns.ts';
import { parseNumber } from './csv.ts';
import { createLedger } from './ledger.ts';
import type { Mapping, Skipped } from './recording.ts';

/** A column of a table and what it is here. */
export type Column<Id> = Meaning<Id> & { readonly from: string; readonly column: number };

const holdsValue = (cell: string | undefined): boolean =>
  cell !== undefined && cell !== '' && parseNumber(cell) !== null;

/**
 * What becomes of the columns of a table, with the number of values in each. Of two columns of one meaning the first is
 * taken.
 */
export const chooseColumns = <Id extends Mapping['to']>(
  [header = [], ...rows]: readonly (readonly string[])[],
  meaningOf: (heading: string) => Meaning<Id> | Unusable,
  unitOf: (heading: string) => string | undefined,
  timeColumn = 0,
): { columns: Column<Id>[]; mapped: Mapping[]; skipped: Skipped[] } => {
  const ledger = createLedger();
  const columns: Column<Id>[] = [];
  for (const [column, from] of header.entries()) {
    if (column === timeColumn) continue;
    const found = meaningOf(from);
    const values = rows.reduce((sum, cells) => sum + (holdsValue(cells[column]) ? 1 : 0), 0);
    const first = 'id' in found ? columns.find(({ id }) => id === found.id) : undefined;
    if ('why' in found) ledger.leaveOut(from, unitOf(from), found.why, values);
    else if (first) ledger.leaveOut(from, unitOf(from), `a second ${found.id}, beside ${first.from}`, values);
    else {
      columns.push({ ...found, from, column });
      ledger.map(from, unitOf(from), found.id, values);
    }
  }
  return { columns, mapped: ledger.mapped(), skipped: ledger.skipped() };
};
