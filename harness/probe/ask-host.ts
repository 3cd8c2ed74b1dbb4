import type { KvmHost } from '../agent/kvm-host.js';
import type { ByteOrder } from '../base/byte-order.js';
import { VmType } from '../agent/kvm-host.js';
import type { CellRecord, HostileRecord, RegisterRecord } from '../record/record.generated.js';
import { readRegisterFacts } from '../record/register-facts.js';
import { fieldsOf } from '../record/register-fields.js';
import type { Register } from '../sync/register-table.js';
import { registerTable } from '../sync/register-table.js';
import { RECORDED_CAPABILITIES } from './capabilities.js';
import { untestedRow } from './classify.js';
import { probeHostile } from './hostile/probe-hostile.js';
import { probeGuest } from './guest/probe-guest.js';
import type { GuestOptions } from './guest/guest-vcpu.js';
import { syncCapabilities } from './migration/known-registers.js';
import { probeMigration } from './migration/probe-migration.js';
import type { ProbeExtent } from './probe-extent.js';
import type { DeepOptions } from './deep/ask-deep.js';
import { askDeep } from './deep/ask-deep.js';
import { LogWatch } from './deep/log-watch.js';
import { probeRegisters } from './probe-registers.js';

type Flavour = CellRecord['kvm']['flavour'];

export interface AskOptions extends ProbeExtent {
  /** The KVM to ask; or how it is found once /dev/kvm is open. */
  readonly flavour: Flavour | ((host: KvmHost) => Promise<Flavour>);
  /** The host's: its guests run in it too. */
  readonly byteOrder: ByteOrder;
  /** What the host said last, when a request has failed. */
  readonly lastWords?: (() => readonly string[]) | undefined;
  /** Ends a host that died of hostile calls and starts another; a machine of hardware has no other. */
  readonly replaceHost?: (() => Promise<KvmHost>) | undefined;
  /** Why states are not asked, where the machine would not live through it. */
  readonly unasked?: Readonly<Record<string, string>> | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Called when a phase begins: "kvm", "registers", "guest", "migration", "states" (of a deep run), "hostile". */
  readonly onPhase?: ((phase: string) => void) | undefined;
}

/** The part of a record that a host answers, however it was reached. */
export interface HostAnswers {
  readonly kvm: CellRecord['kvm'];
  readonly registers: CellRecord['registers'];
  readonly states?: NonNullable<CellRecord['states']>;
  readonly hostile?: HostileRecord;
  readonly timings: {
    readonly kvmMs: number;
    readonly registersMs: number;
    readonly guestMs: number;
    readonly migrationMs: number;
    readonly statesMs?: number;
    readonly hostileMs?: number;
  };
}

/** Opens a host's KVM and asks it, and a guest in it, every register. Errors: those of its requests. */
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
  const vm = {
    vmType: flavour === 'BookE' ? VmType.default : VmType[flavour],
    isPapr: flavour === 'HV',
    isExhaustive: options.isExhaustive,
    signal,
  };
  const facts = await readRegisterFacts();
  const guest = { ...vm, byteOrder: options.byteOrder };
  const log = options.isDeep === true ? new LogWatch(host, { ...guest, hasTm: false }) : undefined;
  await log?.begin();
  const rows = await probeRegisters(host, asked, {
    ...vm,
    fieldsOf: ({ name, sizeBytes }) => fieldsOf(facts, name, sizeBytes * 8),
  });
  await log?.after('registers');
  onPhase?.('guest');
  const guestStartedAt = performance.now();
  const rowsWithGuest = await withGuest(host, asked, rows, guest);
  await log?.after('guest');
  onPhase?.('migration');
  const migrationStartedAt = performance.now();
  const migrations = await probeMigration(host, facts, {
    ...guest,
    capabilities: syncCapabilities(capabilities),
    skipped: stoppingReads(asked, rowsWithGuest),
  });
  const complete = rowsWithGuest.map((row, index) => {
    const migrates = migrations.get(asked[index]?.name ?? '');
    return migrates === undefined ? row : { ...row, migrates };
  });
  await log?.after('migration');
  const registers = allRows(asked, complete);
  const statesStartedAt = performance.now();
  const states = await statesOf(
    host,
    registers,
    { flavour, capabilities, guest, unasked: options.unasked },
    { onPhase, log },
  );
  const hostileStartedAt = performance.now();
  const answers = {
    kvm: { flavour, capabilities },
    registers,
    ...(states === undefined ? {} : { states }),
    timings: {
      kvmMs: Math.round(probeStartedAt - startedAt),
      registersMs: Math.round(guestStartedAt - probeStartedAt),
      guestMs: Math.round(migrationStartedAt - guestStartedAt),
      migrationMs: Math.round(statesStartedAt - migrationStartedAt),
      ...(states === undefined ? {} : { statesMs: Math.round(hostileStartedAt - statesStartedAt) }),
    },
  };
  if (options.hostile === undefined) return answers;
  onPhase?.('hostile');
  const hostile = await probeHostile(host, new Map(Object.entries(registers)), {
    ...guest,
    hasTm: registers['TFHAR']?.get === 'ok',
    plan: options.hostile,
    lastWords: options.lastWords,
    replaceHost: withOpenKvm(options),
  });
  const hostileMs = Math.round(performance.now() - hostileStartedAt);
  return { ...answers, hostile, timings: { ...answers.timings, hostileMs } };
}

/** What a deep run asks after all registers; undefined of another. */
async function statesOf(
  host: KvmHost,
  rows: CellRecord['registers'],
  known: DeepOptions,
  { onPhase, log }: Pick<AskOptions, 'onPhase'> & { readonly log: LogWatch | undefined },
): Promise<HostAnswers['states']> {
  if (log === undefined) return undefined;
  onPhase?.('states');
  return askDeep(host, rows, known, log);
}

/** `replaceHost` of a probe that creates VMs. */
function withOpenKvm({ replaceHost, signal }: AskOptions): AskOptions['replaceHost'] {
  if (replaceHost === undefined) return undefined;
  return async () => {
    const host = await replaceHost();
    await host.openKvm(RECORDED_CAPABILITIES, { signal });
    return host;
  };
}

/** `rows` with what a guest says of them. */
async function withGuest(
  host: KvmHost,
  asked: readonly Register[],
  rows: readonly RegisterRecord[],
  options: Omit<GuestOptions, 'hasTm'>,
): Promise<RegisterRecord[]> {
  const byName = new Map(asked.map(({ name }, index) => [name, rows[index]] as const));
  const agreements = await probeGuest(host, asked, byName, await readRegisterFacts(), {
    ...options,
    hasTm: byName.get('TFHAR')?.get === 'ok',
  });
  return rows.map((row, index) => {
    const guest = agreements.get(asked[index]?.name ?? '');
    return guest === undefined ? row : { ...row, guest };
  });
}

/** The registers whose reading stopped the guest: each costs a second, and would do so again. */
function stoppingReads(
  asked: readonly Register[],
  rows: readonly RegisterRecord[],
): ReadonlySet<string> {
  const stopping = asked.filter((_, index) => rows[index]?.guest?.read.answer === 'untested');
  return new Set(stopping.map(({ name }) => name));
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
