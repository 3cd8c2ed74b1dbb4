import type { Command } from 'commander';
import { SprmatrixError } from '../../base/error.js';

export interface DeepOption {
  /** Whether what takes longer is asked too: the states of a record. */
  readonly deep: boolean;
}

/** Adds --deep. */
export function addDeep(command: Command): Command {
  return command.option(
    '--deep',
    'ask what takes longer too: exits, orders, several vCPUs, SPRs without an id (docs/states.md)',
    false,
  );
}

/** Throws the usage error `DEEP_PART` next to a choice of registers, whose answers the states hang on. */
export function requireWholeDeep({
  deep,
  register,
}: DeepOption & { readonly register: readonly string[] }): void {
  if (!deep || register.length === 0) return;
  throw new SprmatrixError({
    code: 'DEEP_PART',
    kind: 'usage',
    message: `--deep asks every register, but --register=${register.join(',')} asks for some`,
    hint: 'leave out one of the two',
  });
}
