import { defineConfig } from '@playwright/test';

export default defineConfig({
  retries: 0,
  reporter: 'line',
  projects: [
    {
      name: 'unit',
      testDir: '.',
      testMatch: ['harness/**/*.test.ts', 'fixtures/**/*.test.ts', 'reports/**/*.test.ts'],
    },
  ],
});
