import { defineConfig } from '@playwright/test';
import { readTestPlan } from './fixtures/test-plan.js';

const plan = readTestPlan();
const unit = {
  name: 'unit',
  testDir: '.',
  testMatch: ['harness/**/*.test.ts', 'fixtures/**/*.test.ts', 'reports/**/*.test.ts'],
};
const cells = (plan?.cells ?? []).map(({ kernel, platform }) => ({
  name: `${kernel.id}/${platform}`,
  testDir: 'matrix/specs',
}));

export default defineConfig({
  retries: 0,
  forbidOnly: process.env['CI'] !== undefined,
  reporter: 'line',
  outputDir: 'build/test-results',
  projects: plan === undefined || plan.withUnitTests ? [unit, ...cells] : cells,
});
