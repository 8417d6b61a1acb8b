import { describe, expect, it } from 'vitest';
import { csvRecord } from '../../../api/http/csv.ts';

describe('a CSV record', () => {
  it('separates by comma, ends with CRLF, and writes times in UTC', () => {
    expect(csvRecord([new Date(0), 'icu-01', -1.5, true, null, undefined])).toBe(
      '1970-01-01T00:00:00.000Z,icu-01,-1.5,true,,\r\n',
    );
  });

  it('quotes what would be taken for its own signs', () => {
    expect(csvRecord(['a,b', 'say "x"', 'two\nlines'])).toBe('"a,b","say ""x""","two\nlines"\r\n');
  });

  it('makes plain text of what a spreadsheet would run as a formula', () => {
    expect(csvRecord(['=1+1', '+1', '-1', '@x', '\tx'])).toBe("'=1+1,'+1,'-1,'@x,'\tx\r\n");
  });
});
