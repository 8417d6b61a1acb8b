import { config } from 'zod';

/**
 * To be run before any schema is made: `main.tsx` imports it first, and `vite.config.ts` builds it into the chunk of zod
 * itself. Zod would try to compile its parsers with `new Function`, which the content security policy forbids and the
 * browser's console then reports as an attack.
 */
config({ jitless: true });
