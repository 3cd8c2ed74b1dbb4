import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { withinDeadline } from '../base/deadline.js';
import { SprmatrixError } from '../base/error.js';
import { qemuArguments } from './command-line.js';
import type { BootOptions } from './machine.js';
import { QemuProcess } from './qemu-process.js';

const BARE_BUDGET_MS = 90_000;

/** What fixtures/guest/bare-init.c prints. */
const UP_LINE = 'sprmatrix-bare: up';

/**
 * Boots a kernel whose init only says that it is up, and returns the milliseconds from QEMU's start
 * to that line. It is what a cell is measured against. Errors: `DEADLINE`, `ABORTED`, `QEMU_EXITED`.
 */
export async function bootBare(options: BootOptions): Promise<number> {
  await mkdir(options.logFolder, { recursive: true });
  const startedAt = performance.now();
  const qemu = await QemuProcess.start(
    options.qemu.path,
    qemuArguments(options.platform, options.files),
    join(options.logFolder, 'qemu.log'),
  );
  try {
    let output = '';
    const up = new Promise<void>((resolve, reject) => {
      void qemu.exited.then(() => {
        reject(endedError(options.name, qemu.stderrTail));
      });
      qemu.console.on('data', (chunk: Buffer) => {
        output += chunk.toString('latin1');
        if (output.includes(UP_LINE)) resolve();
      });
    });
    await withinDeadline(up, { name: options.name, budgetMs: BARE_BUDGET_MS }, options);
    return performance.now() - startedAt;
  } finally {
    qemu.kill();
    await qemu.exited;
  }
}

function endedError(name: string, evidence: readonly string[]): SprmatrixError {
  return new SprmatrixError({
    code: 'QEMU_EXITED',
    message: `${name}: QEMU ended before the kernel was up`,
    evidence,
  });
}
