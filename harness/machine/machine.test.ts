import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from '@playwright/test';
import { RequestType } from '../agent/protocol.js';
import type { SprmatrixError } from '../base/error.js';
import { rejectionOf } from '../base/testing/errors.js';
import { temporaryFolder } from '../base/testing/temporary-folder.js';
import { bootBare } from './boot-bare.js';
import type { BootOptions } from './machine.js';
import { bootMachine } from './machine.js';
import { loadPlatforms } from './platforms.js';
import { fakeQemu, HANG, isRunning, OBEY_QUIT, SAY_HELLO, sayFrame } from './testing/fake-qemu.js';

const NAME = 'debian-6.1/pseries-p9-nested';

/** Says its process id and then does as the test wants. */
const SAY_PID = 'echo pid $$';

async function bootOptions(folder: string, ...script: string[]): Promise<BootOptions> {
  const platform = loadPlatforms().find(({ id }) => id === 'pseries-p9-nested');
  if (platform === undefined) throw new Error('no pseries-p9-nested');
  return {
    name: NAME,
    platform,
    qemu: await fakeQemu(folder, SAY_PID, ...script),
    files: { kernel: '/cache/vm linux', initramfs: '/cache/initramfs' },
    logFolder: join(folder, 'logs'),
    reproduce: 'npx sprmatrix run',
  };
}

/** Why a boot failed. It must have left no process, and its logs and command in the error. */
async function bootError(
  script: readonly string[],
  changes: Partial<BootOptions> = {},
): Promise<SprmatrixError> {
  await using folder = await temporaryFolder();
  const options = { ...(await bootOptions(folder.path, ...script)), ...changes };
  const error = await rejectionOf(bootMachine(options));
  const logs = ['console.log', 'qemu.log'].map((name) => join(options.logFolder, name));
  expect([error.logs, error.reproduce]).toEqual([logs, 'npx sprmatrix run']);
  const pid = /^pid (\d+)/.exec(await readFile(join(options.logFolder, 'console.log'), 'utf8'));
  expect(isRunning(Number(pid?.[1]))).toBe(false);
  return error;
}

/** An error's evidence without the fake's process id. */
const evidenceOf = ({ evidence }: SprmatrixError): string[] =>
  evidence.filter((line) => !line.startsWith('pid '));

test('a machine that is powered off before its agent answers, and does not say why, has no channel', async () => {
  const error = await bootError(['echo "Preparing to boot Linux"', 'exit 0']);
  expect([error.code, error.message]).toEqual([
    'CHANNEL_MISSING',
    `${NAME}: the machine was powered off before its agent answered, and its console does not say why`,
  ]);
});

test('a QEMU that ends at once is reported with its status and what it said', async () => {
  const error = await bootError(['echo "no such machine" >&2', 'exit 1']);
  expect([error.code, error.message]).toEqual([
    'QEMU_EXITED',
    `${NAME}: QEMU ended with status 1 in the middle of its work`,
  ]);
  expect(evidenceOf(error)).toEqual(['qemu: no such machine']);
});

test('a QEMU that is killed is reported with the signal', async () => {
  const error = await bootError(['kill -KILL $$']);
  expect(error.message).toBe(`${NAME}: QEMU ended by SIGKILL in the middle of its work`);
});

for (const [how, end] of [
  ['hangs after it', HANG],
  ['ends QEMU', 'exit 0'],
] as const) {
  test(`a panic that ${how} is reported with its line and what was printed behind it`, async () => {
    const panic = '[    1.5] Kernel panic - not syncing: no init';
    const error = await bootError([`echo '${panic}'`, 'echo Call Trace:', end]);
    expect([error.code, error.message]).toEqual([
      'KERNEL_FAILED',
      `${NAME}: the kernel under test failed: ${panic}`,
    ]);
    expect(evidenceOf(error)).toEqual([panic, 'Call Trace:']);
  });
}

for (const [how, end] of [
  ['hang', HANG],
  ['end', 'exit 0'],
] as const) {
  test(`of several failure lines the first is reported, should QEMU ${how} after them`, async () => {
    const error = await bootError([
      'echo "Oops: Kernel access of bad area"',
      'echo "Kernel panic - not syncing: Fatal exception"',
      end,
    ]);
    expect(error.message).toBe(
      `${NAME}: the kernel under test failed: Oops: Kernel access of bad area`,
    );
  });
}

test('the last words of the agent are reported', async () => {
  const error = await bootError(['echo "sprmatrix-agent: fatal: no channel"', HANG]);
  expect(error.message).toBe(
    `${NAME}: the kernel under test failed: sprmatrix-agent: fatal: no channel`,
  );
});

test('a machine that says nothing is ended by the deadline, with what the console said last', async () => {
  const error = await bootError(['echo "Linux version 6.1"', HANG], { bootBudgetMs: 1500 });
  expect([error.code, error.message]).toEqual([
    'DEADLINE',
    `boot of ${NAME}, waiting for the agent's hello: no answer within 1500 ms (last event: console: Linux version 6.1)`,
  ]);
  expect(evidenceOf(error)).toEqual(['Linux version 6.1']);
});

test('garbage on the channel ends the boot', async () => {
  const error = await bootError(['echo "login: somebody?" >&4', HANG]);
  expect([error.code, error.message]).toEqual([
    'FRAME_GARBAGE',
    'agent channel: bytes 6c6f6769 does not begin a frame',
  ]);
});

test('an agent of another protocol ends the boot, with how to build the right one', async () => {
  const error = await bootError([sayFrame(RequestType.HELLO, 'protocol=2\n'), HANG]);
  expect([error.code, error.message, error.hint]).toEqual([
    'AGENT_PROTOCOL',
    'agent speaks protocol 2, the harness 1',
    'run `npx sprmatrix setup`',
  ]);
});

test('an interrupted boot leaves no QEMU', async () => {
  const controller = new AbortController();
  const failing = bootError([HANG], { signal: controller.signal });
  await delay(500);
  controller.abort();
  const error = await failing;
  expect([error.code, error.message]).toEqual([
    'ABORTED',
    `boot of ${NAME}, waiting for the agent's hello: interrupted`,
  ]);
});

test('a QEMU that is too old for the platform is not started', async () => {
  await using folder = await temporaryFolder();
  const options = await bootOptions(folder.path, HANG);
  const qemu = { ...options.qemu, version: '6.2.0' };
  const error = await rejectionOf(bootMachine({ ...options, qemu }));
  expect([error.code, error.message]).toEqual([
    'QEMU_TOO_OLD',
    `platform pseries-p9-nested needs QEMU 7.2 or newer; ${qemu.path} is 6.2.0`,
  ]);
  await expect(readFile(join(options.logFolder, 'command.txt'))).rejects.toThrow('ENOENT');
});

test('a machine whose agent answers is running, and stops when it is asked to', async () => {
  await using folder = await temporaryFolder();
  const options = await bootOptions(folder.path, SAY_HELLO, OBEY_QUIT);
  const machine = await bootMachine(options);
  expect(machine.hello.release).toBe('6.1.0-50-powerpc64le');
  expect(machine.bootMs).toBeGreaterThan(0);
  const logs = ['console.log', 'qemu.log'].map((name) => join(options.logFolder, name));
  expect(await machine.stop()).toEqual({ exit: { code: 0, signal: undefined }, logs });
});

test('the end of a scope stops a machine', async () => {
  await using folder = await temporaryFolder();
  const options = await bootOptions(folder.path, SAY_HELLO, OBEY_QUIT);
  {
    await using machine = await bootMachine(options);
    expect(machine.hello.pageSize).toBe(65536);
  }
  const pid = /\d+/.exec(await readFile(join(options.logFolder, 'console.log'), 'utf8'))?.[0];
  expect(isRunning(Number(pid))).toBe(false);
});

test('a machine that ends in the middle of a request fails it, and every later one', async () => {
  await using folder = await temporaryFolder();
  const dieOnRequest = 'head -c 16 <&4 >/dev/null; echo terminating >&2; exit 7';
  const script = ['sleep 0.5', SAY_HELLO, dieOnRequest];
  await using machine = await bootMachine(await bootOptions(folder.path, ...script));
  const message = `${NAME}: QEMU ended with status 7 in the middle of its work`;
  for (let count = 0; count < 2; count += 1) {
    const error = await rejectionOf(machine.agent.kernelLog());
    expect([error.code, error.message]).toEqual(['QEMU_EXITED', message]);
    expect(evidenceOf(machine.explain(error))).toEqual(['qemu: terminating']);
    // Nothing of the boot.
    expect(machine.lastWords).toEqual(['qemu: terminating']);
  }
});

test('an oops in the middle of a request fails it', async () => {
  await using folder = await temporaryFolder();
  const oops = 'head -c 16 <&4 >/dev/null; echo "Oops: Exception in kernel mode"';
  await using machine = await bootMachine(
    await bootOptions(folder.path, SAY_HELLO, oops, OBEY_QUIT),
  );
  const error = await rejectionOf(machine.agent.kernelLog());
  expect([error.code, error.message]).toEqual([
    'KERNEL_FAILED',
    `${NAME}: the kernel under test failed: Oops: Exception in kernel mode`,
  ]);
});

test('a failure of the harness is reported with the machine’s name, console and logs', async () => {
  await using folder = await temporaryFolder();
  const options = await bootOptions(folder.path, 'echo up', SAY_HELLO, OBEY_QUIT);
  await using machine = await bootMachine(options);
  const error = machine.explain(new RangeError('no operation 3 of 2'));
  expect([error.code, error.message, evidenceOf(error)]).toEqual([
    'CELL_FAILED',
    `${NAME}: no operation 3 of 2`,
    ['up'],
  ]);
});

test('the command is kept so that a shell takes it as it was', async () => {
  await using folder = await temporaryFolder();
  const options = await bootOptions(folder.path, SAY_HELLO, OBEY_QUIT);
  await using machine = await bootMachine(options);
  const command = await readFile(join(options.logFolder, 'command.txt'), 'utf8');
  expect(machine.hello.byteOrder).toBe('little');
  expect(command).toMatch(new RegExp(`^${options.qemu.path} -machine pseries,\\S+ -cpu POWER9 `));
  expect(command).toMatch(
    / -kernel '\/cache\/vm linux' -initrd \/cache\/initramfs -append 'console=hvc0 quiet .*'\n$/,
  );
});

test('a bare boot is measured to the line that its init prints, and ended', async () => {
  await using folder = await temporaryFolder();
  const options = await bootOptions(
    folder.path,
    `echo $$ > ${folder.path}/pid`,
    'printf "sprmatrix-bare: "',
    'echo up',
    HANG,
  );
  expect(await bootBare(options)).toBeGreaterThan(0);
  expect(isRunning(Number(await readFile(join(folder.path, 'pid'), 'utf8')))).toBe(false);
});

test('a bare boot whose QEMU ends is reported at once', async () => {
  await using folder = await temporaryFolder();
  const options = await bootOptions(folder.path, 'echo "no such machine" >&2', 'exit 1');
  const error = await rejectionOf(bootBare(options));
  expect([error.code, error.message, evidenceOf(error)]).toEqual([
    'QEMU_EXITED',
    `${NAME}: QEMU ended before "sprmatrix-bare: up" was on its console`,
    ['no such machine'],
  ]);
});
