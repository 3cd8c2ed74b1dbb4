import type { Command } from 'commander';
import { SprmatrixError } from '../base/error.js';

const repeated = (value: string, values: string[]): string[] => [...values, value];

/** Adds the selectors that `run` and `npm test` share; see `Selectors`. */
export function addSelectors(command: Command): Command {
  return command
    .option(
      '--kernel <selector>',
      'id, line (6.1), 6.x, semver range, latest, all, or a path to a vmlinux',
      repeated,
      [],
    )
    .option('--platform <selector>', "id or glob, e.g. 'powernv*'", repeated, [])
    .option('--register <selector>', "name or glob, e.g. 'MMCR*'", repeated, [])
    .option('--modules <folder>', "the modules of a user's own kernel")
    .option('--mirror <url>', "where Debian's packages are (also SPRMATRIX_MIRROR)");
}

/** A baseline holds every register: throws the usage error `BASELINE_PART` when some were chosen. */
export function requireWholeTable(registerSelectors: readonly string[]): void {
  if (registerSelectors.length === 0) return;
  throw new SprmatrixError({
    code: 'BASELINE_PART',
    kind: 'usage',
    message: `--update-baseline writes every register, but --register=${registerSelectors.join(',')} asks for some`,
    hint: 'leave out one of the two',
  });
}
