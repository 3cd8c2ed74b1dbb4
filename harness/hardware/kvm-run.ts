import { existsSync } from 'node:fs';
import koffi from 'koffi';
import { SprmatrixError } from '../base/error.js';
import { repositoryPath } from '../base/paths.js';

const PATH = repositoryPath('build', 'native', 'libkvmrun.so');

type KvmRun = (fd: number, changed: BigUint64Array) => number;
let bound: KvmRun | undefined;

/**
 * KVM_RUN on a vCPU's file, by fixtures/guest/kvm_run.c: kernels may come back from it with the
 * guest's floating point registers, in some of which V8 keeps this program's numbers. Returns what
 * the ioctl does, or a negative errno. Errors: those of `requireVcpuRun`.
 */
export function runVcpu(fd: number): number {
  bound ??= bind();
  return bound(fd, new BigUint64Array(1));
}

function bind(): KvmRun {
  requireVcpuRun();
  return koffi.load(PATH).func('int kvm_run(int fd, uint64_t *changed)') as KvmRun;
}

/** Throws `LIBRARY_MISSING` when what `runVcpu` needs is not built. */
export function requireVcpuRun(): void {
  if (existsSync(PATH)) return;
  throw new SprmatrixError({
    code: 'LIBRARY_MISSING',
    message: `${PATH}: not built yet`,
    hint: 'run `npx sprmatrix setup`',
  });
}
