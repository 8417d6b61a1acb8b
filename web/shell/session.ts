import { Session as SessionAnswer } from '#contracts/http/session.ts';

/** Whether this browser is signed in, and as what. The session itself is a cookie that scripts cannot read. */

const SESSION = '/api/v1/session';

export type SessionState = 'signed-in' | 'signed-out' | 'unreachable';

/** `isOperator`: may answer alarms. */
export type Session = { readonly state: SessionState; readonly isOperator: boolean };

/** The page asks for no more of it: a page that is older than the station still learns what it may do. */
const RoleAnswer = SessionAnswer.pick({ role: true });

const stateOf = (status: number): SessionState => {
  if (status === 401 || status === 403) return 'signed-out';
  return status < 400 ? 'signed-in' : 'unreachable';
};

export const readSession = async (): Promise<Session> => {
  try {
    const response = await fetch(SESSION);
    const state = stateOf(response.status);
    if (state !== 'signed-in') return { state, isOperator: false };
    return { state, isOperator: RoleAnswer.parse(await response.json()).role === 'operator' };
  } catch {
    return { state: 'unreachable', isOperator: false };
  }
};

/** The code in a pasted sign-in link, or the text itself. */
export const codeIn = (pasted: string): string => {
  const text = pasted.trim();
  return (URL.canParse(text) && new URL(text).searchParams.get('code')) || text;
};

export const signIn = async (pasted: string): Promise<SessionState> => {
  try {
    const response = await fetch(SESSION, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ code: codeIn(pasted) }),
    });
    return response.status >= 400 && response.status < 500 ? 'signed-out' : stateOf(response.status);
  } catch {
    return 'unreachable';
  }
};
