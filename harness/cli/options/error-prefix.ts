import type { Command } from 'commander';
import { isLike, nearestFirst } from '../../base/nearest.js';

/**
 * Gives a program's own errors the prefix of ours, its name's, and an unknown option with a value its nearest:
 * commander looks for that only where the option stands alone. Commands that are made later inherit it.
 */
export function useOnePrefix(program: Command): Command {
  return program.configureOutput({
    outputError: (text, write) => {
      write(`${withNearest(text.trimEnd(), program).replace(/^error: /, 'sprmatrix: ')}\n`);
    },
  });
}

function withNearest(text: string, program: Command): string {
  const [, typed] = /^error: unknown option '(--[^=']+)=[^']*'$/.exec(text) ?? [];
  if (typed === undefined) return text;
  const word = process.argv[2] ?? '';
  const command = program.commands.find((each) => each.name() === word) ?? program;
  const options = command.createHelp().visibleOptions(command);
  const [nearest] = nearestFirst(
    typed,
    options.flatMap(({ long }) => long ?? []),
  );
  if (nearest === undefined || !isLike(typed, nearest)) return text;
  return `${text}\n(Did you mean ${nearest}?)`;
}
