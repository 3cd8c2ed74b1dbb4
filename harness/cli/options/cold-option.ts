import type { Command } from 'commander';

export interface ColdOption {
  /** Boot every machine: neither restore nor save any. */
  readonly cold: boolean;
}

/** Adds --cold to a command that boots machines. */
export function addCold(command: Command): Command {
  return command.option(
    '--cold',
    'boot every machine instead of restoring those that were booted before',
    false,
  );
}
