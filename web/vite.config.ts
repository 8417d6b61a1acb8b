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
  },
  server: {
    proxy: {
      '/api': { target: STATION, ws: true },
      '/sign-in': STATION,
    },
  },
});
