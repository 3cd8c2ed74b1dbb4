import { describeError, ExitCode, SprmatrixError } from '../base/error.js';

/**
 * What `git bisect run` understands: 125 is "this commit cannot be tested, try one next to it", and
 * anything above 127 ends the bisection.
 */
export const BisectCode = { good: 0, bad: 1, skip: 125, abort: 128 } as const;
export type BisectCode = (typeof BisectCode)[keyof typeof BisectCode];

/** Failures of the tree before it boots: this commit cannot be tested, another one may. */
const TREE_FAILURES: ReadonlySet<string> = new Set([
  'BUILD_FAILED',
  'KCONFIG_LOST',
  'TREE_WITHOUT_VMLINUX',
  'NOT_A_KERNEL',
  'MODULE_MISSING',
  'KERNEL_WITHOUT_KVM',
]);

/**
 * `sprmatrix check`: a run's verdict for `git bisect run`. A deviation is bad; a tree that does not
 * build, or does not boot, is skipped; what is no fault of the tree (an option, a missing QEMU, a
 * full disk, Ctrl-C) ends the bisection instead of blaming a commit.
 */
export async function checkCommand(
  run: () => Promise<ExitCode>,
  print: (text: string) => void = (text) => {
    console.error(text);
  },
): Promise<BisectCode> {
  const interruption = new AbortController();
  const onInterrupt = (): void => {
    interruption.abort();
  };
  process.on('SIGINT', onInterrupt);
  process.on('SIGTERM', onInterrupt);
  try {
    const code = await run();
    if (interruption.signal.aborted) return BisectCode.abort;
    switch (code) {
      case ExitCode.ok:
        return BisectCode.good;
      case ExitCode.deviation:
        return BisectCode.bad;
      case ExitCode.harness:
        return BisectCode.skip;
      case ExitCode.usage:
        return BisectCode.abort;
    }
  } catch (error) {
    print(`sprmatrix: ${describeError(error)}`);
    const isOfTree = error instanceof SprmatrixError && TREE_FAILURES.has(error.code);
    return isOfTree && !interruption.signal.aborted ? BisectCode.skip : BisectCode.abort;
  } finally {
    process.off('SIGINT', onInterrupt);
    process.off('SIGTERM', onInterrupt);
  }
}
