import type { Command } from 'commander';
import { addCold } from './cold-option.js';
import { addDeep } from './deep-option.js';
import { addExhaustive } from './exhaustive-option.js';
import { addHostile } from './hostile-option.js';
import { addCalibration, addRequireAll, addSelectors } from './selector-options.js';

/** Adds the options of `npm test` and `sprmatrix test` to a command. */
export function addTestOptions(command: Command): Command {
  const selecting = addCalibration(addSelectors(command));
  return addCold(addDeep(addExhaustive(addHostile(addRequireAll(selecting)))))
    .option('--out <folder>', 'where records and logs go', 'out')
    .option('--update-baseline', 'write the baselines instead of comparing with them', false)
    .option('--allure', 'write results for `npm run report:allure`', false)
    .addHelpText(
      'after',
      '\nEvery other option goes on to Playwright: --shard, --reporter, --list, -g ...',
    )
    .allowUnknownOption()
    .allowExcessArguments();
}
