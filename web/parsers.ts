import { config } from 'zod';

/**
 * To be imported before any schema is made. Zod would try to compile its parsers with `new Function`, which the
 * content security policy forbids and the browser's console then reports as an attack.
 */
config({ jitless: true });
