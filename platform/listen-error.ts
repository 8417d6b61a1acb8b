import { errorCode, UserError } from './errors.ts';

/** Why nobody can listen there and which setting changes it, as a UserError; any other error as it is. */
export const explainListenError = (
  error: unknown,
  { host, port, setting }: { host: string; port: number; setting: string },
): unknown => {
  const texts: Readonly<Record<string, string>> = {
    EADDRINUSE: `port ${port} is taken: stop what uses it, or set ${setting} to another port`,
    EACCES: `port ${port} needs more rights: set ${setting} to a port above 1023`,
    EADDRNOTAVAIL: `${host} is not an address of this machine: set HOST to one that is`,
    ENOTFOUND: `${host} is not an address of this machine: set HOST to one that is`,
  };
  const text = texts[errorCode(error) ?? ''];
  return text === undefined ? error : new UserError(text, { cause: error });
};
