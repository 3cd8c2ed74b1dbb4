import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import { temporaryFolder } from '../base/testing/temporary-folder.js';
import { MachineConsole } from './console.js';

/** What a console makes of chunks of output. */
async function seen(
  ...chunks: readonly string[]
): Promise<{ tail: readonly string[]; failures: readonly string[]; log: string }> {
  await using folder = await temporaryFolder();
  const path = join(folder.path, 'console.log');
  const output = new PassThrough();
  const failures: string[] = [];
  const machineConsole = new MachineConsole(output, path, ({ line }) => failures.push(line));
  for (const chunk of chunks) {
    output.write(Buffer.from(chunk, 'latin1'));
    await nextTurn(); // one chunk, one event
  }
  await machineConsole.close();
  return { tail: machineConsole.tail, failures, log: await readFile(path, 'latin1') };
}

const FAILURES = [
  'Kernel panic - not syncing: VFS: Unable to mount root fs',
  '[    1.234567] Kernel panic - not syncing: Attempted to kill init! exitcode=0x0000000b',
  'Oops: Kernel access of bad area, sig: 11 [#1]',
  '[   12.000001] Oops: Exception in kernel mode, sig: 4 [#1]',
  '[    3.5] BUG: Unable to handle kernel data access on read at 0x00000000',
  '[    3.5] kernel BUG at arch/powerpc/kvm/book3s_hv.c:123!',
  'sprmatrix-agent: fatal: mount /proc: errno 16',
];
for (const line of FAILURES) {
  test(`a failure is seen in "${line}"`, async () => {
    const { failures } = await seen('booting\n', `${line}\r\n`, 'and on\n');
    expect(failures).toEqual([line]);
  });
}

const HARMLESS = [
  'Command line: panic=-1 console=hvc0',
  '[    0.1] kvm-hv: nested HV; oops=panic is off',
  '[    0.1] init: Oops: a word in a message',
  '[    0.1] echo sprmatrix-agent: fatal: is what the agent would say',
  '[    0.1] DEBUG: nothing to handle',
];
for (const line of HARMLESS) {
  test(`no failure is seen in "${line}"`, async () => {
    expect((await seen(`${line}\n`)).failures).toEqual([]);
  });
}

test('lines are whole however the output is cut', async () => {
  const text = 'one\r\ntwo\nKernel panic - not syncing: three\n\nfour\n';
  const whole = await seen(text);
  expect(whole.tail).toEqual(['one', 'two', 'Kernel panic - not syncing: three', 'four']);
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat(text.length), { maxLength: 10 }), async (cuts) => {
      const at = [0, ...cuts.sort((a, b) => a - b), text.length];
      const chunks = at.slice(1).map((end, index) => text.slice(at[index], end));
      expect(await seen(...chunks)).toEqual(whole);
    }),
    { numRuns: 20 },
  );
});

test('the tail has the last 40 lines, and one that has not ended yet', async () => {
  const lines = Array.from({ length: 50 }, (_, index) => `line ${index}`);
  const { tail } = await seen(`${lines.join('\n')}\n`, 'not ended');
  expect(tail).toEqual([...lines.slice(-40), 'not ended']);
});

test('a carriage return alone is no line', async () => {
  expect((await seen('one\r\n', '\r')).tail).toEqual(['one']);
});

test('no control character reaches the tail, and the log has every byte', async () => {
  const text = 'a\x1b[31mred\x07\x00\x9b\xff\tend\n';
  const { tail, log } = await seen(text);
  expect(tail).toEqual(['a[31mredend']);
  expect(log).toBe(text);
});

test('a console without a place for its log still has its tail', async () => {
  const output = new PassThrough();
  const failures: string[] = [];
  const machineConsole = new MachineConsole(output, '/nowhere/console.log', ({ line }) =>
    failures.push(line),
  );
  output.write('Kernel panic - not syncing: x\n');
  await machineConsole.close();
  await machineConsole.close();
  expect([machineConsole.tail, failures]).toEqual([
    ['Kernel panic - not syncing: x'],
    ['Kernel panic - not syncing: x'],
  ]);
});
