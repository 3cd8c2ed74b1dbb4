import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { withinDeadline } from '../base/deadline.js';
import { SprmatrixError } from '../base/error.js';
import { lastLinesOf } from '../base/last-lines.js';
import type { QemuBinary } from './qemu-binary.js';
import { QemuProcess } from './qemu-process.js';

export interface TimedBoot {
  /** For errors. */
  readonly name: string;
  readonly qemu: QemuBinary;
  /** QEMU's arguments; the console is its standard output. */
  readonly args: readonly string[];
  /** Path for QEMU's own messages. */
  readonly log: string;
  readonly budgetMs: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Starts QEMU, and ends it when the last of `texts` has come; returns the milliseconds from its start at
 * which each was on the console, in their order: each is looked for behind the one before.
 * Errors: `DEADLINE`, `ABORTED`, `QEMU_EXITED`, each with the console's tail.
 */
export async function consoleTimes(
  boot: TimedBoot,
  texts: readonly string[],
): Promise<readonly number[]> {
  await mkdir(dirname(boot.log), { recursive: true });
  const startedAt = performance.now();
  const qemu = await QemuProcess.start(boot.qemu.path, boot.args, boot.log);
  const times: number[] = [];
  let output = '';
  let searched = 0;
  const tail = (): string[] => lastLinesOf(output);
  try {
    const seen = new Promise<void>((resolve, reject) => {
      qemu.console.on('data', (chunk: Buffer) => {
        output += chunk.toString('latin1');
        for (const text of texts.slice(times.length)) {
          const at = output.indexOf(text, searched);
          if (at < 0) return;
          searched = at + text.length;
          times.push(performance.now() - startedAt);
        }
        resolve();
      });
      void qemu.exited.then(() => {
        const evidence = [...tail(), ...qemu.stderrTail];
        const next = texts[times.length] ?? '';
        const message = `${boot.name}: QEMU ended before "${next}" was on its console`;
        reject(new SprmatrixError({ code: 'QEMU_EXITED', message, evidence }));
      });
    });
    await withinDeadline(seen, boot, { signal: boot.signal, lastEvent: () => tail().at(-1) ?? '' });
    return times;
  } finally {
    qemu.kill();
    await qemu.exited;
  }
}
