import type { HostileCall, HostileResult, RunningPutResult } from '../../agent/hostile-calls.js';
import type { Operation } from '../../sync/operation.js';
import type { Register } from '../../sync/register-table.js';
import { registerNamed, registerTable } from '../../sync/register-table.js';
import { loopProgram } from '../guest/guest-program.js';
import type { GuestStep } from '../guest/guest-step.js';
import { EINTR, runSteps } from '../guest/guest-run.js';
import { setEntry } from '../guest/guest-vcpu.js';
import { get, put } from '../one-reg.js';
import { allOnes, distinctValue, otherValue } from '../patterns.js';
import { answerName, Answers } from './answers.js';
import type { FreshVcpu, HostileVcpu } from './hostile-vcpu.js';
import { call, execute, requestOptions, sampleRegisters } from './hostile-vcpu.js';
import { idText } from './id-checks.js';

const EBADF = -9;
const ENOTTY = -25;
const RACE_ROUNDS = 250;
/** The put's thread ends the run long before, some milliseconds after the guest has begun. */
const RUN_LIMIT_MS = 2_000;
/**
 * The kernel leaves a thread without floating point at every 256th time that it would restore it
 * (arch/powerpc/kernel/process.c: should_restore_fp), and such a round shows nothing.
 */
const VMM_ROUNDS = 2;

const hex = (value: bigint): string => `0x${value.toString(16)}`;
const ordinary = (id: bigint, direction: HostileCall['direction'], value = 0n): HostileCall => ({
  ...{ id, direction, value },
  ...{ valueAt: 'memory', argumentAt: 'memory' },
});

/** The registers that can be got, for `checkKept`: their values, got twice. */
export async function getAll(vcpu: HostileVcpu): Promise<readonly Operation[]> {
  const readable = registerTable().filter(({ name }) => vcpu.rows.get(name)?.get === 'ok');
  return execute(vcpu, [...readable, ...readable].map(get));
}

/** Whether the registers are what they were. What moves by itself is not asked. */
export async function checkKept(vcpu: FreshVcpu): Promise<Answers> {
  const { before } = vcpu;
  const count = before.length / 2;
  const still = before
    .slice(0, count)
    .filter((first, index) => isAlike(first, before[count + index]));
  const after = await execute(vcpu, still.map(get));
  const answers = new Answers();
  still.forEach((first, index) => {
    const second = after[index];
    answers.count(second?.error ?? 0);
    if (isAlike(first, second) || second === undefined || isVolatile(vcpu, first.id)) return;
    answers.note(`get ${idText(first.id)}`, hex(first.value), hex(second.value));
  });
  return answers;
}

function isVolatile({ rows }: HostileVcpu, id: bigint): boolean {
  return registerTable().some(
    (register) => register.id === id && rows.get(register.name)?.support === 'volatile',
  );
}

function isAlike(
  a: Pick<Operation, 'error' | 'value'>,
  b: Pick<Operation, 'error' | 'value'> | undefined,
): boolean {
  return a.error === b?.error && a.value === b.value;
}

/** The same calls before and after KVM_SET_REGS has changed every general register. */
export async function checkSetRegs(vcpu: HostileVcpu): Promise<Answers> {
  const { host, vcpu: handle, options } = vcpu;
  const calls = sampleRegisters(vcpu).flatMap(({ id }) => [
    ordinary(id, 'get'),
    { ...ordinary(id, 'get'), valueAt: 'misaligned' as const },
    { ...ordinary(id, 'put', 1n), valueAt: 'unmapped' as const },
    { ...ordinary(id, 'get'), argumentAt: 'unmapped' as const },
    // The same index in a size that no register has.
    ordinary(id | (0xfn << 52n), 'get'),
  ]);
  const before = await call(vcpu, calls);
  const regs = await host.getRegs(handle, requestOptions(options));
  const changed = { ...regs, gpr: regs.gpr.map((value) => BigInt.asUintN(64, ~value)) };
  await host.setRegs(handle, changed, requestOptions(options));
  const after = await call(vcpu, calls);
  await host.setRegs(handle, regs, requestOptions(options));
  const answers = new Answers();
  calls.forEach(({ direction, id }, index) => {
    const [first, second] = [before[index], after[index]];
    if (first === undefined || second === undefined) return;
    answers.count(second.error);
    if (isAlike(first, second)) return;
    answers.note(`${direction} ${idText(id)} after KVM_SET_REGS`, text(first), text(second));
  });
  return answers;
}

function text({ error, value }: HostileResult): string {
  return error === 0 ? hex(value) : answerName(error);
}

/** A file that is closed has no vCPU, and a VM's no registers. */
export async function checkOtherFiles(vcpu: HostileVcpu): Promise<Answers> {
  const { id } = registerNamed('DAR');
  const calls = [ordinary(id, 'get'), ordinary(id, 'put', 1n)];
  const answers = new Answers();
  for (const [file, expected] of [
    ['closed', EBADF],
    ['vm', ENOTTY],
  ] as const) {
    for (const [index, { error }] of (await call(vcpu, calls, file)).entries()) {
      answers.count(error);
      if (error === expected) continue;
      const direction = calls[index]?.direction ?? 'get';
      answers.note(
        `${direction} DAR on the file "${file}"`,
        answerName(expected),
        answerName(error),
      );
    }
  }
  return answers;
}

/** While one thread puts two values in turn, another gets one of the two, whole. */
export async function checkRace(vcpu: HostileVcpu): Promise<Answers | string> {
  const { host, vcpu: handle, options } = vcpu;
  const answers = new Answers();
  for (const register of sampleRegisters(vcpu)) {
    const { id, name } = register;
    const values = [distinctValue(register), otherValue(register)] as const;
    const race = { id, values, rounds: RACE_ROUNDS };
    const result = await host.race(handle, race, requestOptions(options));
    answers.count(0, result.whole + result.torn);
    for (const [direction, error] of [
      ['put', result.putError],
      ['get', result.getError],
    ] as const) {
      if (error === 0) continue;
      answers.count(error);
      answers.note(`${direction} ${name} in a race`, 'ok', answerName(error));
    }
    if (result.torn > 0) {
      const wanted = values.map(hex).join(' or ');
      answers.note(`get ${name} in a race`, wanted, `${hex(result.tornValue)} and the like`);
    }
  }
  return answers;
}

const NO_GUEST = 'its guest does not get at DAR without hostile calls either';

/** A put while the guest runs succeeds, and is there when the guest has left. */
export async function checkPutWhileRunning(vcpu: HostileVcpu): Promise<Answers | string> {
  const register = registerNamed('DAR');
  const value = otherValue(register);
  const result = await putWhileRunning(vcpu, register, value);
  if (typeof result === 'string') return result;
  const [now] = await execute(vcpu, [get(register)]);
  const answers = new Answers();
  const call = 'put DAR while the vCPU runs';
  answers.count(result.putError);
  if (result.putError !== 0) answers.note(call, 'ok', answerName(result.putError));
  else if (now?.value !== value) answers.note(call, hex(value), hex(now?.value ?? 0n));
  if (result.runErrno !== EINTR) {
    const ended = `errno ${result.runErrno}, exit reason ${result.reason}`;
    answers.note('KVM_RUN of a loop while a put is made', 'EINTR at the time limit', ended);
  }
  return answers;
}

/**
 * A thread whose guest is interrupted so that another thread runs keeps its own floating point and
 * vector registers.
 */
export async function checkVmmRegisters(vcpu: HostileVcpu): Promise<Answers | string> {
  const register = registerNamed('DAR');
  const changed = new Set<string>();
  for (let round = 0; round < VMM_ROUNDS; round += 1) {
    const result = await putWhileRunning(vcpu, register, distinctValue(register));
    if (typeof result === 'string') return result;
    for (const name of result.changed) changed.add(name);
  }
  const answers = new Answers();
  answers.count(0, VMM_ROUNDS);
  for (const kind of ['FPR', 'VR', 'FPSCR', 'VSCR']) {
    const names = [...changed].filter((name) => name.replace(/\d+$/, '') === kind).sort();
    const [first, last] = [names[0], names.at(-1)];
    if (first === undefined) continue;
    const which = first === last ? first : `${first} to ${last}`;
    answers.note(`the caller's ${which} over KVM_RUN`, 'the same values', 'others');
  }
  return answers;
}

/** Runs a guest that loops, and puts a register meanwhile; a text says why that is not done. */
async function putWhileRunning(
  vcpu: HostileVcpu,
  register: Register,
  value: bigint,
): Promise<RunningPutResult | string> {
  const { host, vm, vcpu: handle, options } = vcpu;
  if (!hasGuest(vcpu)) return NO_GUEST;
  const request = requestOptions(options);
  const { pieces, entry, counter } = loopProgram(options.byteOrder);
  for (const { address, bytes } of pieces) await host.writeMemory(vm, address, bytes, request);
  await execute(vcpu, [put(register, ~value & allOnes(register))]);
  await setEntry(host, handle, entry, options);
  const { id } = register;
  return host.putWhileRunning(handle, { id, value, counter, limitMs: RUN_LIMIT_MS }, request);
}

/** DAR round-trips, and a guest reads what was put and writes what is got. */
export async function checkWorks(vcpu: HostileVcpu): Promise<Answers> {
  const { host, options } = vcpu;
  const register = registerNamed('DAR');
  const answers = new Answers();
  const trip = [distinctValue(register), otherValue(register)];
  const executed = await execute(
    vcpu,
    trip.flatMap((value) => [put(register, value), get(register)]),
  );
  executed.forEach(({ error, direction, value }, index) => {
    answers.count(error);
    const wanted = trip[index >> 1] ?? 0n;
    if (error === 0 && value === wanted) return;
    answers.note(`${direction} DAR`, hex(wanted), error === 0 ? hex(value) : answerName(error));
  });
  if (!hasGuest(vcpu)) return answers;
  const access = { by: 'spr' } as const;
  const read: GuestStep = { register, access, direction: 'read', value: 0n };
  const write: GuestStep = { register, access, direction: 'write', value: otherValue(register) };
  const operations = { before: [put(register, distinctValue(register))], after: [get(register)] };
  const run = await runSteps(host, vcpu, [read, write], operations, options);
  const seen = run.answers.get(read);
  const readText = seen?.outcome === 'done' ? hex(seen.value) : (seen?.outcome ?? 'nothing');
  const written = run.after[0]?.value ?? 0n;
  for (const [what, wanted, got] of [
    ['the guest reads DAR', hex(distinctValue(register)), readText],
    ['get DAR after the guest wrote it', hex(otherValue(register)), hex(written)],
    ['the guest runs to its end', 'it does', run.stoppedAt?.why ?? 'it does'],
  ] as const) {
    if (wanted === got) answers.count(0);
    else answers.note(what, wanted, got);
  }
  return answers;
}

function hasGuest({ rows }: HostileVcpu): boolean {
  const guest = rows.get('DAR')?.guest;
  return guest?.read.answer === 'agrees' && guest.write.answer === 'agrees';
}
