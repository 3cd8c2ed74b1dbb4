import { test } from '@playwright/test';
import { findProgram } from '../find-program.js';

/**
 * Skips a test where a program is missing that `npm run setup -- --development` installs. `npm test` installs
 * nothing for developers and does not fail for what a newcomer's machine lacks; the gate is set up for
 * development first, so that no test is skipped there for want of a program.
 */
export async function skipWithout(program: string): Promise<void> {
  const path = await findProgram(program);
  // A newcomer's machine lacks it, and the gate's does not: see above.
  test.skip(path === undefined, `${program} is not installed: npm run setup -- --development`);
}
