import type { KvmHost } from '../agent/kvm-host.js';
import { VmType } from '../agent/kvm-host.js';
import type { CellRecord, RegisterRecord } from '../record/record.generated.js';
import type { Register } from '../sync/register-table.js';
import { registerTable } from '../sync/register-table.js';
import { RECORDED_CAPABILITIES } from './capabilities.js';
import { untestedRow } from './classify.js';
import { probeRegisters } from './probe-registers.js';

type Flavour = CellRecord['kvm']['flavour'];

export interface AskOptions {
  /** The KVM to ask; or how it is found once /dev/kvm is open. */
  readonly flavour: Flavour | ((host: KvmHost) => Promise<Flavour>);
  /** Registers to ask; the others' rows are `untested`. The default is all of them. */
  readonly registers?: readonly Register[] | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Called when a phase begins: "kvm", "registers". */
  readonly onPhase?: ((phase: string) => void) | undefined;
}

/** The part of a record that a host answers, however it was reached. */
export interface HostAnswers {
  readonly kvm: CellRecord['kvm'];
  readonly registers: CellRecord['registers'];
  readonly timings: { readonly kvmMs: number; readonly registersMs: number };
}

/** Opens a host's KVM and asks it every register. Errors: those of its requests. */
export async function askHost(host: KvmHost, options: AskOptions): Promise<HostAnswers> {
  const { signal, onPhase } = options;
  onPhase?.('kvm');
  const startedAt = performance.now();
  const capabilities = await host.openKvm(RECORDED_CAPABILITIES, { signal });
  const flavour =
    typeof options.flavour === 'string' ? options.flavour : await options.flavour(host);
  onPhase?.('registers');
  const probeStartedAt = performance.now();
  const asked = options.registers ?? registerTable();
  const rows = await probeRegisters(host, asked, {
    vmType: flavour === 'BookE' ? VmType.default : VmType[flavour],
    isPapr: flavour === 'HV',
    signal,
  });
  return {
    kvm: { flavour, capabilities },
    registers: allRows(asked, rows),
    timings: {
      kvmMs: Math.round(probeStartedAt - startedAt),
      registersMs: Math.round(performance.now() - probeStartedAt),
    },
  };
}

function allRows(
  asked: readonly Register[],
  rows: readonly RegisterRecord[],
): Record<string, RegisterRecord> {
  const answered = new Map(asked.map((register, index) => [register.name, rows[index]]));
  return Object.fromEntries(
    registerTable().map((register) => [
      register.name,
      answered.get(register.name) ?? untestedRow(register),
    ]),
  );
}
