import type { Command, Option } from 'commander';

/** The names that words of a command line can be; each is read when a word needs it. */
export interface CompletionNames {
  readonly kernels: () => readonly string[];
  readonly platforms: () => readonly string[];
  readonly registers: () => readonly string[];
  readonly bugs: () => readonly string[];
  /** Forms of the report. */
  readonly formats: () => readonly string[];
}

/** Which names an option or an argument takes, by what it is called. */
const NAMES_OF: Readonly<Record<string, keyof CompletionNames>> = {
  ...{ kernel: 'kernels', from: 'kernels', to: 'kernels', a: 'kernels', b: 'kernels' },
  ...{ selector: 'kernels', platform: 'platforms', 'to-platform': 'platforms' },
  ...{ register: 'registers', bug: 'bugs', format: 'formats' },
};

/**
 * What the last word of a line can become, the line reaching up to the cursor: commands, the options of the
 * command that stands there, or the names that the option or argument takes. Of a list with commas the last
 * part is completed.
 */
export function completeLine(program: Command, line: string, names: CompletionNames): string[] {
  const [, ...words] = line.split(/\s+/);
  const word = words.pop() ?? '';
  const { command, args, waiting } = commandAt(program, words);
  if (waiting !== undefined) return valuesOf(waiting, word, names);
  const [, option, value] = /^(--[a-z-]+)=(.*)$/.exec(word) ?? [];
  if (option !== undefined) {
    const found = command.options.find(({ long }) => long === option);
    const values = found === undefined ? [] : valuesOf(found, value ?? '', names);
    return values.map((each) => `${option}=${each}`);
  }
  if (word.startsWith('-')) return startingWith(word, optionsOf(command));
  const help = command.createHelp();
  const subcommands = help.visibleCommands(command).map((each) => each.name());
  if (subcommands.length > 0) return startingWith(word, subcommands);
  const argument = command.registeredArguments[args] ?? lastVariadic(command);
  if (argument === undefined) return startingWith(word, optionsOf(command));
  return candidates(argument.name(), argument.argChoices, word, names);
}

/** The command that words lead to, how many arguments it has by then, and an option that waits for its value. */
function commandAt(
  program: Command,
  words: readonly string[],
): { command: Command; args: number; waiting: Option | undefined } {
  let command = program;
  let args = 0;
  let waiting: Option | undefined;
  for (const word of words) {
    if (waiting !== undefined) {
      waiting = undefined;
      continue;
    }
    const inner = args === 0 ? command.commands.find((each) => each.name() === word) : undefined;
    if (inner !== undefined) command = inner;
    else if (word.startsWith('-')) {
      const option = command.options.find(({ long, short }) => word === long || word === short);
      if (option !== undefined && (option.required || option.optional)) waiting = option;
    } else if (word !== '') args += 1;
  }
  return { command, args, waiting };
}

function lastVariadic({
  registeredArguments,
}: Command): Command['registeredArguments'][number] | undefined {
  const last = registeredArguments.at(-1);
  return last?.variadic === true ? last : undefined;
}

function optionsOf(command: Command): string[] {
  const options = command.createHelp().visibleOptions(command);
  return options.flatMap((option) => {
    if (option.long == null) return [];
    return [option.required ? `${option.long}=` : option.long];
  });
}

function valuesOf(option: Option, word: string, names: CompletionNames): string[] {
  return candidates(option.long?.replace(/^--/, '') ?? '', option.argChoices, word, names);
}

function candidates(
  name: string,
  choices: readonly string[] | undefined,
  word: string,
  names: CompletionNames,
): string[] {
  if (choices !== undefined) return startingWith(word, choices);
  const kind = NAMES_OF[name];
  if (kind === undefined) return [];
  const before = word.slice(0, word.lastIndexOf(',') + 1);
  return startingWith(
    word,
    names[kind]().map((each) => `${before}${each}`),
  );
}

function startingWith(word: string, all: readonly string[]): string[] {
  return all.filter((each) => each.toLowerCase().startsWith(word.toLowerCase()));
}
