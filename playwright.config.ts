import { availableParallelism } from 'node:os';
import { defineConfig } from '@playwright/test';
import { allureReporter } from './fixtures/allure-reporter.js';
import { BUILT, cellProjects } from './fixtures/cell-projects.js';
import { isDrawable } from './harness/base/terminal.js';
import { readTestPlan } from './fixtures/test-plan.js';
import { CHROMIUM_LAUNCH } from './fixtures/chromium.js';

const plan = readTestPlan();
const firstProjects = [
  {
    name: 'unit',
    testDir: '.',
    testMatch: ['harness/**/*.test.ts', 'fixtures/**/*.test.ts', 'reports/**/*.test.ts'],
  },
  // The report in Debian's Chromium.
  {
    name: 'report',
    testDir: 'matrix/specs',
    testMatch: 'report/*.spec.ts',
    use: { launchOptions: CHROMIUM_LAUNCH, viewport: { width: 1280, height: 800 } },
  },
  // What the harness does when a machine, a kernel or a disk fails: with real machines.
  { name: 'faults', testDir: 'matrix/specs', testMatch: 'faults/*.spec.ts', timeout: 180_000 },
];
/**
 * Kernels with faults of our own making: each probe finds its own. They are compiled in one tree, one after the other,
 * so that one worker has them all.
 */
const proofs = {
  name: 'proofs',
  testDir: 'matrix/specs',
  testMatch: 'proofs/*.spec.ts',
  timeout: 300_000,
  workers: 1,
};
/** What else `npm run test:all` adds: a machine is installed. */
const moreProjects = [
  // A machine that plays one with POWER hardware: sprmatrix reaches it by ssh, and runs in it.
  { name: 'hardware', testDir: 'matrix/specs', testMatch: 'hardware/*.spec.ts', timeout: 180_000 },
  // Shards, CI's output, signals: with real machines.
  {
    name: 'pipelines',
    testDir: 'matrix/specs',
    testMatch: 'pipelines/*.spec.ts',
    timeout: 180_000,
  },
  { name: 'readme', testDir: 'matrix/specs', testMatch: 'readme.spec.ts', timeout: 600_000 },
];
/** What nobody but a name runs: each is a whole build of another line. */
const namedProjects = [
  {
    name: 'more-proofs',
    testDir: 'matrix/specs',
    testMatch: 'more-proofs/*.spec.ts',
    workers: 1,
  },
];
const projects = cellProjects(plan);
const harnessProjects = {
  cells: [],
  push: firstProjects,
  // Playwright starts projects in their order, and what takes longest alone must not begin last.
  all: [proofs, ...firstProjects, ...moreProjects],
};

export default defineConfig({
  retries: 0,
  // A machine is one thread of work, and takes memory: as many as `sprmatrix run` has at once.
  workers: plan?.jobs ?? availableParallelism(),
  forbidOnly: process.env['CI'] !== undefined,
  build: { external: [BUILT] },
  reporter: [
    [isDrawable(process.stdout) ? 'line' : 'dot'],
    ['./fixtures/closing-line-reporter.ts'],
    ['./harness/cli/progress/cell-progress-reporter.ts', { plan }],
    ...(plan?.allureResults === undefined ? [] : [allureReporter(plan, plan.allureResults)]),
  ],
  // Emptied at each start: a run inside a test of another run must not empty that one's.
  outputDir: process.env['SPRMATRIX_TEST_RESULTS'] ?? 'build/test-results',
  projects: [
    ...harnessProjects[plan?.extent ?? 'all'],
    ...(plan === undefined ? namedProjects : []),
    ...projects,
  ],
});
