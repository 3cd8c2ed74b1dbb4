import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';
import { viteSingleFile } from 'vite-plugin-singlefile';
import { contentSecurityPolicy } from './content-security-policy.js';

/** Builds the report's page into one file, dist/report-page/index.html, still without its data. */
export default defineConfig({
  root: fileURLToPath(new URL('../page', import.meta.url)),
  logLevel: 'warn',
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: {
    outDir: fileURLToPath(new URL('../../dist/report-page', import.meta.url)),
    emptyOutDir: true,
    target: 'es2023',
    cssTarget: ['chrome123', 'firefox120', 'safari17.5'],
    modulePreload: false,
    rolldownOptions: {
      // Nothing of Node may come into the page, and nothing doubtful.
      onLog: (level, { message }) => {
        if (level === 'warn') throw new Error(message);
      },
    },
  },
  plugins: [viteSingleFile(), contentSecurityPolicy()],
});
