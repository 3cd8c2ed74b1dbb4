import type { StateRecord } from '../../record/record.generated.js';
import { readRegisterFacts } from '../../record/register-facts.js';
import { ROW, sprItem, SPRS } from '../../record/sprs.js';
import type { Register } from '../../sync/register-table.js';
import { registerTable } from '../../sync/register-table.js';
import type { Operation } from '../../sync/operation.js';
import { isReadIgnored } from '../guest/guest-answers.js';
import type { GuestExitKind } from '../guest/guest-program.js';
import { exitInstructions } from '../guest/guest-program.js';
import type { GuestStep } from '../guest/guest-step.js';
import type { StepAnswer } from '../guest/guest-run.js';
import type { GuestVcpu } from '../guest/guest-vcpu.js';
import { createGuestVcpu } from '../guest/guest-vcpu.js';
import { get, put } from '../one-reg.js';
import { distinctValue } from '../patterns.js';
import { stepValue } from './free-steps.js';
import { runOtherGuest, runScript } from './guest-script.js';
import type { KvmCalls } from './kvm-calls.js';
import { onVcpuFile } from './kvm-calls.js';
import { StateAnswers } from './state-answers.js';

/** MMCR0[FC] and no bit of MMCR0 that starts or interrupts anything, in whatever an SPR is. */
const FROZEN = { set: 0x8000_0000n, clear: 0x7c00_0000n };
/** It does not outlive a hypercall (PAPR). */
const CTR = 9;
/** Set by whatever happens: SRR0, SRR1, CFAR. */
const UNSTEADY: ReadonlySet<number> = new Set([26, 27, 28]);
/**
 * The decrementer, and the writable names of the timebase: QEMU 7.2 lets a guest write the latter, and with
 * them the time of the host, which then waits for ever.
 */
const NOT_WRITTEN: ReadonlySet<number> = new Set([22, 284, 285, 286]);

/** Each costs a fresh VM and a guest's hang. */
const MAX_STOPS = 8;

/** The steps of the guest that is saved: reads, writes, reads, leaves, and reads again. */
interface Scan {
  readonly before: readonly GuestStep[];
  readonly writes: readonly GuestStep[];
  readonly after: readonly GuestStep[];
  readonly again: readonly GuestStep[];
}

/**
 * A guest tries every SPR that has no row: reads it, writes it, and, where that changed it, reads it again
 * after an exit and after its migration (KVM_GET_SREGS, ONE_REG, KVM_GET_REGS). Another guest writes other values in
 * between, so that what nobody switches is not taken for kept.
 */
export async function askSprScan(calls: KvmCalls): Promise<StateRecord> {
  const { host, options } = calls;
  const { signal } = options;
  const answers = new StateAnswers();
  const candidates = await writableSprs(calls, answers);
  const scan = scanOf(candidates);
  const first = await createGuestVcpu(host, options);
  const run = await scanned(
    calls,
    first,
    [
      ...scan.before,
      ...scan.writes.flatMap((write, index) => [write, ...scan.after.slice(index, index + 1)]),
      ...leaving(calls, scan.before),
      ...scan.again,
    ],
    1,
  );
  const regs = await host.getRegs(first.vcpu, { signal });
  const sregs = await calls.read(onVcpuFile(first.vcpu), 'GET_SREGS');
  const gets = presentRegisters(calls).map(get);
  const saved = await host.execute(first.vcpu, gets, { signal });
  await host.destroyVm(first.vm, { signal });
  await runOtherGuest(calls, scan.writes.map(inverse));
  const second = await createGuestVcpu(host, options);
  await calls.call(onVcpuFile(second.vcpu), 'SET_SREGS', sregs.structure);
  await host.execute(second.vcpu, putsOf(calls, saved), { signal });
  await host.setRegs(second.vcpu, regs, { signal });
  const restored = await scanned(calls, second, scan.before, 0);
  await host.destroyVm(second.vm, { signal });
  scan.before.forEach((read, index) => {
    sayCandidate(read.register.spr ?? 0, options.leaves, answers, {
      fresh: stepValue(run.get(read)),
      written: stepValue(run.get(scan.after[index] ?? read)),
      again: stepValue(run.get(scan.again[index] ?? read)),
      restored: stepValue(restored.get(read)),
    });
  });
  return answers.record;
}

interface Seen {
  readonly fresh: bigint | undefined;
  readonly written: bigint | undefined;
  readonly again: bigint | undefined;
  readonly restored: bigint | undefined;
}

function sayCandidate(
  number: number,
  leaves: GuestExitKind,
  answers: StateAnswers,
  seen: Seen,
): void {
  const { fresh, written, again, restored } = seen;
  if (written === undefined || fresh === written) return;
  if (again === undefined || restored === undefined) {
    answers.say(sprItem(number), 'the guest writes it; it stopped before it read it again');
    return;
  }
  const item = sprItem(number);
  const { carrier } = SPRS.get(number) ?? {};
  if (UNSTEADY.has(number) || (number === CTR && leaves === 'hypercall')) {
    answers.say(item, 'the guest writes it; it moves by itself');
  } else if (carrier?.startsWith(ROW) === true) {
    answers.say(item, `the guest writes it; carried by ${carrier}`);
  } else if (again !== written) {
    answers.say(item, 'the guest writes it; it is lost at an exit');
  } else if (restored === written) {
    answers.say(
      item,
      `the guest writes it; it migrates${carrier === undefined ? '' : ` with ${carrier}`}`,
    );
  } else {
    const from = carrier === undefined ? 'no id' : `not with ${carrier}`;
    answers.say(item, `the guest writes it; lost in migration: ${from}`, 'it is transferred');
  }
}

/** The SPRs whose row this KVM does not have, or that have none, and that a guest can read and write. */
async function writableSprs(calls: KvmCalls, answers: StateAnswers): Promise<readonly number[]> {
  const { host, options } = calls;
  const facts = await readRegisterFacts();
  const withRow = new Set(
    registerTable()
      .filter(({ name }) => options.present.has(name) && facts.get(name)?.guest.by === 'spr')
      .map(({ spr }) => spr),
  );
  const found: number[] = [];
  let stops = 0;
  let left = Array.from({ length: 1024 }, (_, number) => number).filter(
    (number) => !withRow.has(number) && !NOT_WRITTEN.has(number),
  );
  while (left.length > 0) {
    // What nobody switches is still there when the scan begins, whose first read must find another value.
    const pairs = left.map((number) => [inverse(writeStep(number)), readStep(number)] as const);
    const guest = await createGuestVcpu(host, options);
    const run = await runScript(calls, guest, pairs.flat(), { pauses: 0 });
    await host.destroyVm(guest.vm, { signal: options.signal });
    const end = run.stopped === undefined ? left.length : Math.floor(run.stopped.step / 2);
    for (const [write, read] of pairs.slice(0, end)) {
      const answer = run.answers.get(read);
      const isThere = answer?.outcome === 'done' && !isReadIgnored(answer, read.register);
      if (isThere && run.answers.get(write)?.outcome === 'done') found.push(write.register.index);
    }
    if (run.stopped === undefined) return found;
    if (end < 0) {
      answers.say('all', `not asked: ${run.stopped.why}`, 'the guest to begin');
      return found;
    }
    answers.say(sprItem(left[end] ?? 0), `the guest tries it: ${run.stopped.why}`);
    stops += 1;
    if (stops === MAX_STOPS) {
      answers.say('rest', `not asked: ${stops} accesses stopped the guest`);
      return found;
    }
    left = left.slice(end + 1);
  }
  return found;
}

function readStep(number: number): GuestStep {
  return { ...writeStep(number), direction: 'read' };
}

function scanOf(numbers: readonly number[]): Scan {
  const reads = (): GuestStep[] => numbers.map(readStep);
  return { before: reads(), writes: numbers.map(writeStep), after: reads(), again: reads() };
}

function leaving({ options }: KvmCalls, [step]: readonly GuestStep[]): GuestStep[] {
  return step === undefined ? [] : [{ ...step, instructions: exitInstructions(options.leaves) }];
}

async function scanned(
  calls: KvmCalls,
  guest: GuestVcpu,
  steps: readonly GuestStep[],
  pauses: number,
): Promise<ReadonlyMap<GuestStep, StepAnswer>> {
  const { answers } = await runScript(calls, guest, steps, { pauses });
  return answers;
}

/** An SPR as if it had a row. */
function sprRegister(spr: number): Register {
  const [any] = registerTable();
  if (any === undefined) throw new RangeError('no register');
  return { ...any, name: sprItem(spr), spr, sizeBytes: 8, index: spr, overlaps: [] };
}

function writeStep(number: number): GuestStep {
  const register = sprRegister(number);
  return {
    register,
    access: { by: 'spr' },
    direction: 'write',
    value: legal(distinctValue(register)),
  };
}

/** The same write, of the other value. */
function inverse(write: GuestStep): GuestStep {
  return { ...write, value: legal(~write.value) };
}

function legal(value: bigint): bigint {
  return BigInt.asUintN(64, (value & ~FROZEN.clear) | FROZEN.set);
}

function presentRegisters({ options }: KvmCalls): readonly Register[] {
  return registerTable().filter(({ name }) => options.present.has(name));
}

function putsOf(calls: KvmCalls, saved: readonly Operation[]): Operation[] {
  return presentRegisters(calls).flatMap((register, index) => {
    const operation = saved[index];
    return operation?.error === 0 ? [put(register, operation.value)] : [];
  });
}
