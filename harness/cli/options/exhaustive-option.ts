import type { Command } from 'commander';

export interface ExhaustiveOption {
  /** Put every bit of every register alone, not only where patterns of pairs were not all kept. */
  readonly exhaustive: boolean;
}

/** Adds --exhaustive to a command that asks registers. */
export function addExhaustive(command: Command): Command {
  return command.option(
    '--exhaustive',
    'put every bit of every register alone, also where patterns that tell all pairs of bits apart were kept',
    false,
  );
}
