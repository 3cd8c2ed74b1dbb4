// `knip` finds files and exports that nothing uses. `knip --production` finds what only tests use: there an
// export that its own module uses is in order, as tests may look at a part of it.
const isProduction = process.argv.includes('--production');

export default {
  entry: [
    'harness/{cli,test-command,bench,soak,check-data,generate-findings}.ts!',
    'reports/page/main.tsx!',
    'reports/build/vite.config.ts',
    'scripts/*.js',
    // Named by path: Playwright's reporter, and what `node --import` loads.
    'harness/cli/progress/cell-progress-reporter.ts!',
    'harness/bench/peak-memory.ts!',
    'fixtures/{closing-line-reporter,ktap-reporter,cell-projects,cell,gate.config}.ts!',
    'fixtures/power-machine/relay.js',
    'matrix/specs/hardware/guest-run.js',
    'matrix/specs/**/*.spec.ts',
    '{harness,fixtures,reports}/**/*.test.ts',
  ],
  project: [
    '{harness,reports}/**/*.{ts,tsx}!',
    '!**/{testing,*.test,*.fixture}{/**,.ts}!',
    '{fixtures,matrix,scripts}/**/*.{ts,js}',
  ],
  ignoreExportsUsedInFile: isProduction || { interface: true, type: true },
  // The protocol stands there whole, whatever uses it.
  ignoreIssues: { 'harness/agent/protocol.ts': ['exports'] },
  ignoreBinaries: ['.*'],
  ignoreDependencies: [
    'allure-playwright', // a reporter that fixtures/allure-reporter.ts names
  ],
};
