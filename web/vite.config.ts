import { defineConfig } from 'vite';

const STATION = 'http://127.0.0.1:8080';

/** JSX settings are read from tsconfig.json. */
export default defineConfig({
  build: {
    target: 'es2022',
    // Small files inlined as data: URLs would need holes in the content security policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: true,
    rolldownOptions: {
      output: {
        // A chunk runs as a whole before those that import it. With its setting in its own chunk, zod is set before any
        // chunk makes a schema, wherever the other modules are put.
        codeSplitting: {
          groups: [{ name: 'zod', test: /node_modules[\\/]zod[\\/]|[\\/]web[\\/]parsers\.ts$/ }],
        },
      },
    },
  },
  server: {
    proxy: {
      '/api': { target: STATION, ws: true },
      '/sign-in': STATION,
    },
  },
});
