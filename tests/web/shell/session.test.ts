import { describe, expect, it } from 'vitest';
import { codeIn } from '../../../web/shell/session.ts';

describe('a pasted sign-in link', () => {
  it('is taken as a link or as the bare code', () => {
    expect(codeIn(' http://127.0.0.1:8080/sign-in?code=abc.def \n')).toBe('abc.def');
    expect(codeIn('abc.def')).toBe('abc.def');
  });
});
