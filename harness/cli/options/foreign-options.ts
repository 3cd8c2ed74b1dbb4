import type { Command } from 'commander';
import { Option } from 'commander';

/**
 * Makes every command of a program refuse the options that only other commands obey, with the names of
 * those: an option that is taken and dropped would be believed. `open` are commands that pass on what
 * they do not know. Only options among `words`, the command line, are looked at: all of all commands are
 * hundreds, which take longer than a short command itself.
 */
export function refuseForeignOptions(
  program: Command,
  open: readonly string[] = [],
  words: readonly string[] = process.argv.slice(2),
): void {
  const typed = new Set(words.map((word) => word.split('=', 1)[0]));
  const commands = program.commands.filter(
    (command) => command.commands.length === 0 && !open.includes(command.name()),
  );
  const declared = new Map(commands.map((command) => [command, [...command.options]]));
  for (const command of commands) {
    const own = new Set(command.options.map(({ long }) => long));
    for (const [other, options] of declared) {
      for (const { long, flags } of options) {
        if (other === command || long == null || own.has(long) || !typed.has(long)) continue;
        own.add(long);
        refuse(command, flags.replace(/^-\w, /, ''), ownersOf(long, program));
      }
    }
  }
}

/** The commands that a person may know and that have an option. */
function ownersOf(long: string, program: Command): string[] {
  const visible = program.createHelp().visibleCommands(program);
  return visible
    .filter(({ options }) => options.some((option) => option.long === long && !option.hidden))
    .map((command) => command.name());
}

function refuse(command: Command, flags: string, owners: readonly string[]): void {
  const option = new Option(flags).hideHelp();
  const name = option.attributeName();
  const [value, source] = [
    command.getOptionValue(name) as unknown,
    command.getOptionValueSource(name),
  ];
  command.addOption(option);
  // A --no-x that is declared sets x, even when nobody typed it.
  command.setOptionValueWithSource(name, value, source);
  command.on(`option:${option.name()}`, () => {
    command.error(
      `error: \`sprmatrix ${command.name()}\` does not have ${option.long ?? flags}; these do: ${owners.join(', ')}`,
      { code: 'commander.unknownOption' },
    );
  });
}
