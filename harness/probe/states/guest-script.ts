import type { VcpuHandle } from '../../agent/kvm-host.js';
import { unlessRefused } from '../../agent/kvm-host.js';
import { guestProgram, stepOfSlot } from '../guest/guest-program.js';
import type { GuestStep } from '../guest/guest-step.js';
import { GuestRegister } from '../guest/guest-step.js';
import type { StepAnswer } from '../guest/guest-run.js';
import type { GuestVcpu } from '../guest/guest-vcpu.js';
import { EINTR, OWN_EXITS, readAnswers } from '../guest/guest-run.js';
import { createGuestVcpu, setEntry } from '../guest/guest-vcpu.js';
import type { KvmCalls } from './kvm-calls.js';

/** Where a guest of a script is when it is outside: the step, and whether a signal ended the run. */
export interface Pause {
  readonly step: number;
  readonly isSignal: boolean;
}

export interface ScriptRun {
  readonly answers: ReadonlyMap<GuestStep, StepAnswer>;
  /** The step at which the guest did not go on, and why. */
  readonly stopped?: { readonly step: number; readonly why: string } | undefined;
}

/** Short, so that a guest that spins is interrupted. */
const RUN_MS = 15;
/** A guest that is at the same step after so long hangs. */
const HANG_MS = 450;

/**
 * Lets a guest make steps that leave it to the VMM `pauses` times on the way; `onPause` is called each time
 * that it is outside, by an exit of its own or by a signal, which comes `runMs` after each entry.
 */
export async function runScript(
  { host, options }: KvmCalls,
  { vm, vcpu }: GuestVcpu,
  steps: readonly GuestStep[],
  script: {
    readonly pauses: number;
    readonly runMs?: number;
    readonly onPause?: (pause: Pause) => Promise<void>;
  },
): Promise<ScriptRun> {
  const { signal, byteOrder } = options;
  const { runMs = RUN_MS } = script;
  const program = guestProgram(steps, byteOrder, options.leaves);
  for (const { address, bytes } of program.pieces) {
    await host.writeMemory(vm, address, bytes, { signal });
  }
  await setEntry(host, vcpu, program.entry, options);
  const why = await goOn();
  const answers = await readAnswers(host, vm, steps, options);
  if (why === undefined) return { answers };
  return { answers, stopped: { step: await stepOf(vcpu), why } };

  /** Runs to the end; returns why the guest does not get there. */
  async function goOn(): Promise<string | undefined> {
    // The guest stops once before its first step and once after its last.
    let left = script.pauses + 2;
    let [reached, runs] = [-1, 0];
    while (left > 0) {
      const exit = await unlessRefused(host.run(vcpu, runMs, { signal }));
      if (exit === undefined) return 'KVM refuses to run the vCPU';
      const isSignal = exit.errno === EINTR;
      if (!isSignal && exit.errno !== 0) return `KVM_RUN failed with errno ${exit.errno}`;
      if (!isSignal && !OWN_EXITS.has(exit.reason))
        return `KVM_RUN ended with exit reason ${exit.reason}`;
      const step = await stepOf(vcpu);
      if (isSignal) {
        runs = step === reached ? runs + 1 : 1;
        reached = step;
        if (runs * runMs >= HANG_MS) return 'the guest hung';
      } else {
        left -= 1;
      }
      if (left > 0) await script.onPause?.({ step, isSignal });
    }
    return undefined;
  }

  async function stepOf(handle: VcpuHandle): Promise<number> {
    const regs = await host.getRegs(handle, { signal });
    return stepOfSlot(regs.gpr[GuestRegister.slot] ?? 0n);
  }
}

/** Another guest, of another VM, makes steps meanwhile. */
export async function runOtherGuest(calls: KvmCalls, steps: readonly GuestStep[]): Promise<void> {
  const { host, options } = calls;
  const other = await createGuestVcpu(host, options);
  await runScript(calls, other, steps, { pauses: 0 });
  await host.destroyVm(other.vm, { signal: options.signal });
}
