import { join } from 'node:path';
import { qemuArguments } from './command-line.js';
import { consoleTimes } from './console-times.js';
import type { BootOptions } from './machine.js';

const BARE_BUDGET_MS = 90_000;

/** What fixtures/guest/bare-init.c prints. */
const UP_LINE = 'sprmatrix-bare: up';

/**
 * Boots a kernel whose init only says that it is up, and returns the milliseconds from QEMU's start
 * to that line. It is what a cell is measured against. Errors: those of `consoleTimes`.
 */
export async function bootBare(options: BootOptions): Promise<number> {
  const [up] = await consoleTimes(
    {
      ...{ name: options.name, qemu: options.qemu, signal: options.signal },
      args: qemuArguments(options.platform, options.files),
      log: join(options.logFolder, 'qemu.log'),
      budgetMs: BARE_BUDGET_MS,
    },
    [UP_LINE],
  );
  return up ?? 0;
}
