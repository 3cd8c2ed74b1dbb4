#!/usr/bin/env node
import { Command } from 'commander';
import { useOnePrefix } from './cli/options/error-prefix.js';
import { addTestOptions } from './cli/options/test-options.js';
import { runProgram } from './cli/process-end.js';
import type { TestOptions } from './cli/test-command.js';
import { testCommand } from './cli/test-command.js';

/** `npm test` and `npm run test:all`, in a checkout. */
const command = addTestOptions(useOnePrefix(new Command('npm test --')))
  .description(
    "Tests cells, one test for each register; without selectors, the default cells and the harness's own tests.",
  )
  .option('--all', "all of the harness's own tests: `npm run test:all`", false)
  .action(async (options: TestOptions & { readonly all: boolean }, self: Command) => {
    process.exitCode = await testCommand(options, self.args, options.all ? 'all' : 'push');
  })
  .exitOverride();
await runProgram(command);
