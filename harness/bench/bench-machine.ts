import { cpus, loadavg, totalmem } from 'node:os';
import type { HarnessIdentity } from '../base/harness-identity.js';
import { harnessIdentity } from '../base/harness-identity.js';
import type { QemuBinary } from '../machine/qemu-binary.js';

/** Where figures come from. */
export interface BenchMachine {
  readonly date: string;
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGiB: number;
  /** Processes that ran or waited during the minute before: other work makes figures worse. */
  readonly loadBefore: number;
  readonly node: string;
  readonly qemus: readonly string[];
  readonly harness: HarnessIdentity;
}

export async function describeMachine(qemus: readonly QemuBinary[]): Promise<BenchMachine> {
  return {
    date: new Date().toISOString(),
    cpu: cpus()[0]?.model ?? 'unknown',
    cores: cpus().length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    loadBefore: loadavg()[0] ?? 0,
    node: process.version,
    qemus: qemus.map(({ version }) => version),
    harness: await harnessIdentity(),
  };
}

/** The same as one line. */
export function machineText(machine: BenchMachine): string {
  const { date, cpu, cores, memoryGiB, loadBefore, node, qemus, harness } = machine;
  const commit = harness.commit?.slice(0, 7) ?? 'no checkout';
  return `${date.slice(0, 10)}, ${cpu}, ${cores} cores, ${memoryGiB} GiB, load ${loadBefore.toFixed(1)} before, Node ${node}, QEMU ${qemus.join(', ')}, sprmatrix ${harness.version} (${commit})`;
}
