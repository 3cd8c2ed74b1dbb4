import { expect, test } from '@playwright/test';
import { Command } from 'commander';
import { refuseForeignOptions } from './foreign-options.js';

/** What a program with three commands prints when it is called so, and the options that it obeys. */
function call(...words: string[]): { readonly said: string; readonly obeyed: unknown } {
  let said = '';
  let obeyed: unknown;
  const program = new Command('sprmatrix')
    .exitOverride()
    .configureOutput({ writeErr: (text) => (said += text) });
  const action = (options: unknown): void => {
    obeyed = options;
  };
  program.command('run').option('-j, --jobs <n>', '', '2').option('--no-build', '').action(action);
  program.command('check').option('--all', '').action(action);
  program.command('test').allowUnknownOption().allowExcessArguments().action(action);
  refuseForeignOptions(program, ['test'], words);
  try {
    program.parse(words, { from: 'user' });
  } catch (error) {
    expect(error).toMatchObject({ code: 'commander.unknownOption', exitCode: 1 });
  }
  return { said, obeyed };
}

test('an option of another command is refused with the command that has it', () => {
  expect(call('check', '--jobs=3')).toEqual({
    said: 'error: `sprmatrix check` does not have --jobs; these do: run\n',
    obeyed: undefined,
  });
});

test('a negated option of another command is refused, and sets nothing where nobody typed it', () => {
  expect(call('check', '--no-build')).toEqual({
    said: 'error: `sprmatrix check` does not have --no-build; these do: run\n',
    obeyed: undefined,
  });
  expect(call('check').obeyed).toEqual({});
});

test('what a command declares it obeys, and what none declares is unknown', () => {
  expect(call('check', '--all').obeyed).toEqual({ all: true });
  expect(call('run', '--jobs=3').obeyed).toEqual({ jobs: '3', build: true });
  expect(call('check', '--nothing').said).toBe("error: unknown option '--nothing'\n");
});

test('a command that passes on what it does not know refuses nothing', () => {
  expect(call('test', '--jobs=3')).toEqual({ said: '', obeyed: {} });
});
