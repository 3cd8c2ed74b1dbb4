import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { cliProgram } from '../../base/paths.js';
import { skipWithout } from '../../base/testing/skip-without.js';
import { expect } from '@playwright/test';
import { test } from '../../record/record.fixture.js';
import { completionScript } from './scripts.js';
import { runCli } from '../../../fixtures/cli-process.js';

const complete = async (line: string): Promise<string[]> => {
  const { stdout, stderr } = await runCli(['complete', line]);
  expect(stderr).toBe('');
  return stdout.split('\n').filter((word) => word !== '');
};

test('commands, options, choices and names are completed where they stand', async () => {
  expect(await complete('sprmatrix di')).toEqual(['diff']);
  expect(await complete('sprmatrix run --kern')).toEqual(['--kernel=']);
  expect(await complete('sprmatrix run --kernel=debian-6.1')).toEqual([
    ...['--kernel=debian-6.1', '--kernel=debian-6.12', '--kernel=debian-6.12-64k'],
  ]);
  expect(await complete('sprmatrix run --kernel=debian-6.1,build-5')).toEqual([
    ...['--kernel=debian-6.1,build-5.10', '--kernel=debian-6.1,build-5.10-be'],
  ]);
  expect(await complete('sprmatrix run --platform powernv1')).toEqual(['powernv10', 'powernv11']);
  expect(await complete('sprmatrix show debian-6.1 powernv9 lpcr')).toEqual(['LPCR', 'LPCR_64']);
  expect(await complete('sprmatrix list ')).toEqual(['kernels', 'platforms', 'registers', 'cells']);
  expect(await complete('sprmatrix report --format=ju')).toEqual(['--format=junit']);
  expect(await complete('sprmatrix kernels b')).toEqual(['build']);
});

/** What an interactive shell shows when keys are typed, until it shows a text: a program of python3's pty. */
const TYPED = `
import os, pty, select, sys, time
keys, awaited, *words = sys.argv[1:]
child, terminal = pty.fork()
if child == 0:
    os.execvp(words[0], words)
def read(seconds):
    text = b''
    end = time.time() + seconds
    while time.time() < end:
        if select.select([terminal], [], [], 0.2)[0]:
            try:
                text += os.read(terminal, 65536)
            except OSError:
                break
            if awaited.encode() in text:
                break
    return text
read(1)
os.write(terminal, keys.encode().decode('unicode_escape').encode())
sys.stdout.buffer.write(read(12))
os.write(terminal, b'\\x03\\x04')
`;

for (const [shell, words] of [
  ['bash', ['bash', '--norc', '--noprofile', '-i']],
  ['zsh', ['zsh', '-f', '-i']],
  ['fish', ['fish', '--no-config', '-i']],
] as const) {
  test(`${shell} completes what is typed`, async ({ folder }) => {
    await skipWithout(shell);
    const script = join(folder, 'completion');
    await writeFile(script, completionScript(shell));
    await writeFile(
      join(folder, 'sprmatrix'),
      `#!/bin/sh\nexec "${process.execPath}" "${cliProgram}" "$@"\n`,
    );
    await chmod(join(folder, 'sprmatrix'), 0o755);
    const setUp = shell === 'zsh' ? 'autoload -Uz compinit; compinit -u -D; ' : '';
    const keys = `${setUp}source ${script}\\nsprmatrix show debian-7.2-6\\t`;
    const awaited = 'show debian-7.2-64k';
    const { stdout } = await execa('python3', ['-c', TYPED, keys, awaited, ...words], {
      env: { PATH: `${folder}:${process.env['PATH'] ?? ''}`, TERM: 'dumb', HOME: folder },
      stdin: 'ignore',
    });
    expect(stdout).toContain(awaited);
  });
}
