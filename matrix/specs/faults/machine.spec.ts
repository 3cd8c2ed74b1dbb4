import { execFileSync } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TestInfo } from '@playwright/test';
import { expect, test } from '@playwright/test';
import { encodeFrame, FrameReader } from '../../../harness/agent/frame.js';
import type { Frame } from '../../../harness/agent/frame.js';
import {
  PROTOCOL_ERROR,
  PROTOCOL_MAGIC,
  PROTOCOL_PAYLOAD_MAX,
  RequestType,
} from '../../../harness/agent/protocol.js';
import { SprmatrixError } from '../../../harness/base/error.js';
import { buildInitramfs } from '../../../harness/kernels/initramfs.js';
import { qemuArguments } from '../../../harness/machine/command-line.js';
import type { BootOptions } from '../../../harness/machine/machine.js';
import { bootMachine } from '../../../harness/machine/machine.js';
import { QemuProcess } from '../../../harness/machine/qemu-process.js';
import { AGENT, BARE_INIT, testBootOptions, testKernel, testPlatform, testQemu } from './booted.js';

async function bootError(boot: BootOptions): Promise<SprmatrixError> {
  const error: unknown = await bootMachine(boot).then(
    async (machine) => {
      await machine.stop();
      return undefined;
    },
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof SprmatrixError)) throw new Error('it should not have booted');
  return error;
}

/** An initramfs whose /init is no program. */
async function brokenInitramfs(info: TestInfo): Promise<string> {
  const folder = info.outputPath('root');
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'init'), 'no program\n', { mode: 0o755 });
  const path = info.outputPath('broken.cpio');
  execFileSync('sh', [
    '-c',
    `cd "$1" && echo init | cpio -o -H newc --quiet > "$2"`,
    '',
    folder,
    path,
  ]);
  return path;
}

for (const id of ['pseries-p9-nested', 'powernv9']) {
  test(`a kernel that panics before the agent is reported with its panic on ${id}`, async () => {
    const info = test.info();
    const error = await bootError(await testBootOptions(id, await brokenInitramfs(info), info));
    expect(error.code).toBe('KERNEL_FAILED');
    expect(error.message).toMatch(
      new RegExp(`^debian-6.1/${id}: the kernel under test failed: .*Kernel panic - not syncing: `),
    );
    expect(error.evidence.join('\n')).toContain('Kernel panic - not syncing');
    expect(error.logs).toEqual([
      info.outputPath('logs/console.log'),
      info.outputPath('logs/qemu.log'),
    ]);
    expect(error.reproduce).toBe('the command that shows it');
  });
}

test('an agent that never answers is reported by the deadline, with what the console said last', async () => {
  const info = test.info();
  const initramfs = await buildInitramfs(await testKernel(), BARE_INIT);
  // powernv cannot power off, so the bare init hangs there.
  const boot = { ...(await testBootOptions('powernv9', initramfs, info)), bootBudgetMs: 15_000 };
  const error = await bootError(boot);
  expect(error.code).toBe('DEADLINE');
  expect(error.message).toMatch(
    /^boot of debian-6.1\/powernv9, waiting for the agent's hello: no answer within 15000 ms(?: of work \(and \d+ ms without a processor\))? \(last event: console: /,
  );
  expect(error.evidence.join('\n')).toContain('sprmatrix-bare: up');
});

test('a machine that powers off by itself is reported as that', async () => {
  const info = test.info();
  const initramfs = await buildInitramfs(await testKernel(), BARE_INIT);
  const error = await bootError(await testBootOptions('pseries-p9-nested', initramfs, info));
  expect(error.message).toBe(
    'debian-6.1/pseries-p9-nested: the machine was powered off before its agent answered, and its console does not say why',
  );
});

test('a kernel that insists on signed modules gets their signatures', async () => {
  const info = test.info();
  const initramfs = await buildInitramfs(await testKernel(), AGENT);
  const boot = await testBootOptions('pseries-p9-nested', initramfs, info);
  const { platform } = boot;
  const commandLine = `${platform.commandLine} module.sig_enforce=1`;
  await using machine = await bootMachine({ ...boot, platform: { ...platform, commandLine } });
  const KVM_CAP_ONE_REG = 70;
  expect(await machine.agent.openKvm({ KVM_CAP_ONE_REG })).toEqual({ KVM_CAP_ONE_REG: 1 });
});

test('the agent answers garbage, truncated and oversize frames with errors, and goes on', async () => {
  const info = test.info();
  const prepared = await testKernel();
  const files = { kernel: prepared.image, initramfs: await buildInitramfs(prepared, AGENT) };
  const qemu = await QemuProcess.start(
    (await testQemu('pseries-p9-nested')).path,
    qemuArguments(testPlatform('pseries-p9-nested'), files),
    info.outputPath('qemu.log'),
  );
  try {
    qemu.console.resume();
    const reader = new FrameReader();
    const frames: Frame[] = [];
    let wake = (): void => undefined;
    qemu.channel.on('data', (chunk: Buffer) => {
      frames.push(...reader.add(chunk));
      wake();
    });
    const next = async (): Promise<Frame> => {
      for (;;) {
        const frame = frames.shift();
        if (frame !== undefined) return frame;
        await new Promise<void>((resolve) => (wake = resolve));
      }
    };
    const expectError = async (text: string): Promise<void> => {
      const { type, sequence, payload } = await next();
      expect([type, sequence, payload.subarray(4).toString()]).toEqual([PROTOCOL_ERROR, 0, text]);
    };
    const hello = { type: RequestType.HELLO, sequence: 5, payload: Buffer.alloc(0) };
    const expectHello = async (): Promise<void> => {
      const { sequence, payload } = await next();
      expect([sequence, payload.toString()]).toEqual([5, expect.stringContaining('protocol=1\n')]);
    };
    await next(); // the hello that is sent unasked

    qemu.channel.write(Buffer.from('nonsense'));
    await expectError('bytes outside a frame');

    const oversize = Buffer.alloc(16);
    oversize.writeUInt32LE(PROTOCOL_MAGIC, 0);
    oversize.writeUInt32LE(PROTOCOL_PAYLOAD_MAX + 1, 4);
    qemu.channel.write(oversize);
    await expectError('frame over the size limit');

    const corrupt = encodeFrame({ ...hello, payload: Buffer.from('data') });
    corrupt.writeUInt8(corrupt.readUInt8(17) ^ 1, 17);
    qemu.channel.write(corrupt);
    await expectError('frame checksum mismatch');

    qemu.channel.write(encodeFrame({ ...hello, payload: Buffer.alloc(64) }).subarray(0, 40));
    await expectError('truncated frame');

    qemu.channel.write(encodeFrame({ ...hello, type: 999 }));
    const unknown = await next();
    expect([unknown.type, unknown.sequence]).toEqual([PROTOCOL_ERROR, 5]);

    qemu.channel.write(encodeFrame(hello));
    await expectHello();
  } finally {
    await qemu.quit();
  }
});
