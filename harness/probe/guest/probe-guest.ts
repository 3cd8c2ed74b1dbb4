import type { KvmHost } from '../../agent/kvm-host.js';
import type { GuestAgreement, GuestAnswer, RegisterRecord } from '../../record/record.generated.js';
import type { RegisterFacts } from '../../record/register-facts.js';
import type { InstructionAccess } from '../../record/registers.generated.js';
import type { Operation } from '../../sync/operation.js';
import type { Register } from '../../sync/register-table.js';
import { get, put } from '../one-reg.js';
import { distinctValue, legalValue } from '../patterns.js';
import { noAgreement, notAccessible, readAnswer, writeAnswer } from './guest-answers.js';
import type { GuestStep } from './guest-step.js';
import type { GuestRun, StepAnswer } from './guest-run.js';
import type { GuestOptions } from './guest-vcpu.js';
import { runGuest } from './guest-run.js';

/** A register that an instruction of the guest reaches and that this KVM answers. */
interface Reachable {
  readonly register: Register;
  readonly access: InstructionAccess;
}

/**
 * The guest probe: a guest reads what ONE_REG put, and ONE_REG gets what a guest wrote. The
 * result has an entry for every register that is not absent; `rows` are its answers to the round
 * trip. Two guests run, each on a fresh vCPU (more when an access stops one).
 */
export async function probeGuest(
  host: KvmHost,
  registers: readonly Register[],
  rows: ReadonlyMap<string, RegisterRecord | undefined>,
  facts: RegisterFacts,
  options: GuestOptions,
): Promise<Map<string, GuestAgreement>> {
  const agreements = new Map<string, GuestAgreement>();
  const reachable: Reachable[] = [];
  for (const register of registers) {
    const access = facts.get(register.name)?.guest;
    if (access === undefined || rows.get(register.name)?.support === 'absent') continue;
    if (access.by === 'nothing') agreements.set(register.name, noAgreement(access.why));
    else reachable.push({ register, access });
  }
  const read = await guestReads(host, reachable, options);
  const write = await guestWrites(host, reachable, options);
  reachable.forEach(({ register }, index) => {
    const untested = { answer: 'untested' } as const;
    agreements.set(register.name, {
      read: read[index] ?? untested,
      write: write[index] ?? untested,
    });
  });
  return agreements;
}

async function guestReads(
  host: KvmHost,
  reachable: readonly Reachable[],
  options: GuestOptions,
): Promise<GuestAnswer[]> {
  const steps = readSteps(reachable);
  const before = [...puts(reachable), ...gets(reachable)];
  const run = await runGuest(host, steps, { before, after: [] }, options);
  return reachable.map(({ register, access }, index) =>
    readAnswer({
      register,
      read: answerTo(run, steps[index]),
      kvm: valueOf(run.before[reachable.length + index]),
      counts: access.counts === true,
      isSecret: access.secret === true,
      moves: BigInt(access.moves ?? '0x0'),
    }),
  );
}

async function guestWrites(
  host: KvmHost,
  reachable: readonly Reachable[],
  options: GuestOptions,
): Promise<GuestAnswer[]> {
  const writable = reachable.filter(({ access }) => access.readOnly !== true);
  const [readsBefore, readsAfter] = [readSteps(writable), readSteps(writable)];
  const writes = writable.map((entry): GuestStep => {
    const value = legalValue(entry.register, entry.access, ~distinctValue(entry.register));
    return { ...entry, direction: 'write', value };
  });
  // A facility that is off would stop the guest before it can write.
  const before = puts(writable.filter(({ access }) => access.set !== undefined));
  const operations = { before, after: gets(writable) };
  const steps = [...readsBefore, ...inWriteOrder(writes, readsAfter)];
  const run = await runGuest(host, steps, operations, options);
  return reachable.map((entry) => {
    const index = writable.indexOf(entry);
    const write = writes[index];
    if (write === undefined) return notAccessible('a guest may only read it');
    return writeAnswer({
      register: entry.register,
      readBefore: answerTo(run, readsBefore[index]),
      write: answerTo(run, write),
      readAfter: answerTo(run, readsAfter[index]),
      value: write.value,
      kvm: valueOf(run.after[index]),
      moves: BigInt(entry.access.moves ?? '0x0'),
    });
  });
}

/**
 * Writes with the reads that see them. Each SPR is read right after it is written, before the guest can leave (MMCRS on POWER8 does not
 * outlive that); what shares storage (FPRs, VSRs) is read when all of it is written.
 */
export function inWriteOrder(
  writes: readonly GuestStep[],
  reads: readonly GuestStep[],
): GuestStep[] {
  const isSpr = ({ access }: GuestStep): boolean => access.by === 'spr';
  return [
    ...writes.flatMap((write, index) => [write, ...reads.slice(index, index + 1).filter(isSpr)]),
    ...reads.filter((read) => !isSpr(read)),
  ];
}

function readSteps(reachable: readonly Reachable[]): GuestStep[] {
  return reachable.map((entry) => ({ ...entry, direction: 'read', value: 0n }));
}

function puts(reachable: readonly Reachable[]): Operation[] {
  return reachable.map(({ register, access }) =>
    put(register, legalValue(register, access, distinctValue(register))),
  );
}

function gets(reachable: readonly Reachable[]): Operation[] {
  return reachable.map(({ register }) => get(register));
}

function valueOf(operation: Operation | undefined): bigint | undefined {
  return operation?.error === 0 ? operation.value : undefined;
}

function answerTo({ answers }: GuestRun, step: GuestStep | undefined): StepAnswer {
  const answer = step && answers.get(step);
  if (answer === undefined)
    throw new RangeError(`no answer to a step of ${step?.register.name ?? 'none'}`);
  return answer;
}
