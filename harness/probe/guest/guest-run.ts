import type { KvmHost, VcpuExit, VcpuHandle, VmHandle } from '../../agent/kvm-host.js';
import { unlessRefused } from '../../agent/kvm-host.js';
import type { ByteOrder } from '../../base/byte-order.js';
import type { Operation } from '../../sync/operation.js';
import { readDoubleword } from './doubleword.js';
import type { GuestExitKind, GuestProgram } from './guest-program.js';
import { guestProgram, slotArea, stepOfSlot } from './guest-program.js';
import type { GuestStep } from './guest-step.js';
import { decodeValue, GuestRegister, SLOT } from './guest-step.js';
import type { GuestOptions, GuestVcpu } from './guest-vcpu.js';
import { createGuestVcpu, setEntry } from './guest-vcpu.js';

/** What came of one access. */
export type StepAnswer =
  | { readonly outcome: 'done'; readonly value: bigint }
  /** The guest's interrupt vector. */
  | { readonly outcome: 'trapped'; readonly vector: number }
  /** The guest neither went on nor trapped. */
  | { readonly outcome: 'stopped'; readonly why: string };

/** The operations of ONE_REG before and after the guest's run. */
export interface GuestOperations {
  readonly before: readonly Operation[];
  readonly after: readonly Operation[];
  /** What the guest still does after them; nothing is answered to that. */
  readonly afterwards?: readonly GuestStep[];
}

export interface GuestRun {
  readonly answers: ReadonlyMap<GuestStep, StepAnswer>;
  readonly before: readonly Operation[];
  readonly after: readonly Operation[];
}

/** All steps take some milliseconds. A guest that is at the same step after so long hangs. */
const RUN_LIMIT_MS = 100;
const HANG_MS = 3 * RUN_LIMIT_MS;
/** Each costs a fresh VM and a guest's hang; more than a few is no answer of single registers. */
const MAX_STOPS = 8;

/** KVM_EXIT_* (include/uapi/linux/kvm.h). */
const KVM_EXIT_MMIO = 6;
const KVM_EXIT_PAPR_HCALL = 19;
/** Exit reasons of a guest that left by itself, one way or the other. */
export const OWN_EXITS: ReadonlySet<number> = new Set([KVM_EXIT_MMIO, KVM_EXIT_PAPR_HCALL]);
/** Of a run that its limit ended. */
export const EINTR = 4;
/** Stands for the errno of a run that was refused. */
const REFUSED = -1;

/**
 * Lets a guest on a fresh vCPU make `steps` in order, between two lists of ONE_REG operations. A step
 * at which the guest does not go on is left out of another run on another fresh vCPU.
 */
export async function runGuest(
  host: KvmHost,
  steps: readonly GuestStep[],
  operations: GuestOperations,
  options: GuestOptions,
): Promise<GuestRun> {
  const stopped = new Map<GuestStep, StepAnswer>();
  for (;;) {
    const asked = steps.filter((step) => !stopped.has(step));
    const run = await runOnce(host, asked, operations, options);
    const step = run.stoppedAt && asked[run.stoppedAt.step];
    if (run.stoppedAt === undefined || step === undefined || stopped.size === MAX_STOPS) {
      return { ...run, answers: new Map([...stopped, ...run.answers]) };
    }
    stopped.set(step, { outcome: 'stopped', why: run.stoppedAt.why });
  }
}

/** One run: `stoppedAt` is where the guest did not go on. */
export interface SingleRun extends GuestRun {
  readonly stoppedAt?: { readonly step: number; readonly why: string } | undefined;
}

async function runOnce(
  host: KvmHost,
  steps: readonly GuestStep[],
  operations: GuestOperations,
  options: GuestOptions,
): Promise<SingleRun> {
  const creating = createGuestVcpu(host, options);
  creating.catch(() => undefined); // reported below
  // Put together while the host makes a VM.
  const program = programOf(steps, operations, options);
  const guest = await creating;
  const run = await runSteps(host, guest, steps, operations, options, program);
  await host.destroyVm(guest.vm, { signal: options.signal });
  return run;
}

/** How a guest of ours leaves. */
function exitOf({ isPapr }: GuestOptions): GuestExitKind {
  return isPapr ? 'hypercall' : 'mmio';
}

function programOf(
  steps: readonly GuestStep[],
  { afterwards = [] }: GuestOperations,
  options: GuestOptions,
): GuestProgram {
  return guestProgram(steps, options.byteOrder, exitOf(options), afterwards);
}

/** Lets a guest make `steps` once: where it stops, the rest of them is not reached. */
export async function runSteps(
  host: KvmHost,
  { vm, vcpu }: GuestVcpu,
  steps: readonly GuestStep[],
  operations: GuestOperations,
  options: GuestOptions,
  program: GuestProgram = programOf(steps, operations, options),
): Promise<SingleRun> {
  const { before, after, afterwards = [] } = operations;
  const { signal } = options;
  const exitKind = exitOf(options);
  const execute = async (operations: readonly Operation[]): Promise<Operation[]> =>
    operations.length === 0 ? [] : host.execute(vcpu, operations, { signal });
  const written = [...program.pieces, ...(options.memory ?? [])].map(async ({ address, bytes }) =>
    host.writeMemory(vm, address, bytes, { signal }),
  );
  const [executedBefore] = await Promise.all([
    execute(before),
    setEntry(host, vcpu, program.entry, options),
    ...written,
  ]);
  const started = await runWhileStepping(host, vcpu, signal);
  const exit =
    whyStopped(started, exitKind) === undefined
      ? await runWhileStepping(host, vcpu, signal)
      : started;
  const executedAfter = await execute(after);
  if (afterwards.length > 0) await runWhileStepping(host, vcpu, signal);
  const [answers, regs] = await Promise.all([
    readAnswers(host, vm, steps, options),
    host.getRegs(vcpu, { signal }),
  ]);
  const slot = regs.gpr[GuestRegister.slot] ?? 0n;
  const why = whyStopped(exit, exitKind);
  return {
    answers,
    before: executedBefore,
    after: executedAfter,
    stoppedAt: why === undefined ? undefined : { step: stepOfSlot(slot), why },
  };
}

/**
 * KVM_RUN until the guest leaves by itself, or no longer gets from one step to the next (EINTR) although its
 * machine had a processor.
 */
async function runWhileStepping(
  host: KvmHost,
  vcpu: VcpuHandle,
  signal: AbortSignal | undefined,
): Promise<VcpuExit> {
  let reached: bigint | undefined;
  let workedMs = 0;
  for (;;) {
    const exit = await runVcpu(host, vcpu, signal);
    if (exit.errno !== EINTR) return exit;
    const slot = (await host.getRegs(vcpu, { signal })).gpr[GuestRegister.slot];
    // A run that the emulator let go on is no more of the guest's work than its limit.
    const ofThisRun = Math.min(exit.workedMs ?? RUN_LIMIT_MS, RUN_LIMIT_MS);
    workedMs = (slot === reached ? workedMs : 0) + ofThisRun;
    if (workedMs >= HANG_MS) return exit;
    reached = slot;
  }
}

/** KVM_RUN; that KVM refuses to run a vCPU is an answer too. */
async function runVcpu(
  host: KvmHost,
  vcpu: VcpuHandle,
  signal: AbortSignal | undefined,
): Promise<VcpuExit> {
  const exit = await unlessRefused(host.run(vcpu, RUN_LIMIT_MS, { signal }));
  return exit ?? { errno: REFUSED, reason: 0, data: Buffer.alloc(0) };
}

/** Why the guest did not come to its end, or undefined when it did. */
function whyStopped({ errno, reason }: VcpuExit, exit: GuestExitKind): string | undefined {
  if (errno === EINTR) return 'the guest hung';
  if (errno === REFUSED) return 'KVM refuses to run the vCPU';
  if (errno !== 0) return `KVM_RUN failed with errno ${errno}`;
  const wanted = exit === 'hypercall' ? KVM_EXIT_PAPR_HCALL : KVM_EXIT_MMIO;
  return reason === wanted ? undefined : `KVM_RUN ended with exit reason ${reason}`;
}

const NOT_REACHED: StepAnswer = { outcome: 'stopped', why: 'the guest did not come so far' };

/** What each step of a `guestProgram` left in its slot of the guest's memory. */
export async function readAnswers(
  host: KvmHost,
  vm: VmHandle,
  steps: readonly GuestStep[],
  { byteOrder, signal }: Pick<GuestOptions, 'byteOrder' | 'signal'>,
): Promise<Map<GuestStep, StepAnswer>> {
  const { address, size } = slotArea(steps.length);
  const slots = await host.readMemory(vm, address, size, { signal });
  return new Map(
    steps.map((step, index) => [
      step,
      readSlot(step, slots.subarray(index * SLOT.size), byteOrder),
    ]),
  );
}

function readSlot(step: GuestStep, slot: Buffer, order: ByteOrder): StepAnswer {
  const state = readDoubleword(slot, SLOT.state, order);
  if (state === 0n) return NOT_REACHED;
  if (state !== 1n) return { outcome: 'trapped', vector: Number(state) };
  return {
    outcome: 'done',
    value: decodeValue(step, slot.subarray(SLOT.output, SLOT.output + 16), order),
  };
}
