import type { RegisterFacts } from '../../record/register-facts.js';
import { readRegisterFacts } from '../../record/register-facts.js';
import type { Operation } from '../../sync/operation.js';
import { registerTable } from '../../sync/register-table.js';
import { isReadIgnored } from '../guest/guest-answers.js';
import type { StepAnswer } from '../guest/guest-run.js';
import { runSteps } from '../guest/guest-run.js';
import type { GuestStep } from '../guest/guest-step.js';
import type { GuestVcpu } from '../guest/guest-vcpu.js';
import { addGuestVcpu, createGuestVcpu } from '../guest/guest-vcpu.js';
import { inWriteOrder } from '../guest/probe-guest.js';
import { get, put } from '../one-reg.js';
import { allOnes, distinctValue, legalValue } from '../patterns.js';
import { hexText } from '../states/state-answers.js';
import type { StateAnswers } from '../states/state-answers.js';
import type { Interplay } from './asked-vcpus.js';
import { answerOf, onVcpu } from './asked-vcpus.js';

/** The vCPUs that guests run on, in turn: again at once, and again when others have run. */
const TURNS = [0, 0, 1, 1, 2, 0] as const;

/** A vCPU, and what each of its registers must hold, by name. */
interface Asked {
  readonly guest: GuestVcpu;
  readonly held: Map<string, bigint>;
}

/**
 * Whether guests on the vCPUs of one VM have registers of their own, also when a vCPU has run before: in each
 * turn a vCPU still has what it had; it is put other values, which its guest reads; and KVM gets what the guest
 * then writes. Only registers are asked of which KVM and the guest of a lone, fresh vCPU agree.
 */
export async function askGuestsOfVcpus(of: Interplay, answers: StateAnswers): Promise<void> {
  const { host, options } = of;
  const reads = agreeingReads(await readRegisterFacts(), options.agreeing);
  if (reads.length === 0) return;
  const first = await createGuestVcpu(host, options);
  const guests: Asked[] = [{ guest: first, held: new Map() }];
  for (const id of new Set(TURNS)) {
    if (id === 0) continue;
    guests[id] = { guest: await addGuestVcpu(host, first.vm, id, options), held: new Map() };
  }
  for (const [turn, id] of TURNS.entries()) {
    const asked = guests[id];
    if (asked === undefined) continue;
    const stopped = await askTurn(of, asked, reads, turn, (name, what, seen, wanted) => {
      answers.say(`${name}.${id}.${what}`, seen, wanted);
    });
    if (stopped === undefined) continue;
    answers.say(`run.${id}`, stopped, 'the guest to come to its end');
    break;
  }
  await sayLaterPuts(of, first, answers);
  await host.destroyVm(first.vm, { signal: options.signal });
}

/** What is put to a vCPU that has run is what a fresh one answers to the same put. */
async function sayLaterPuts(
  of: Interplay,
  { vcpu }: GuestVcpu,
  answers: StateAnswers,
): Promise<void> {
  const { host, options } = of;
  // With a hashed page table the first run puts the page size of the guest's real mode area there.
  const registers = of.holding.filter(
    ({ name }) => !name.startsWith('LPCR') || options.leaves === 'mmio',
  );
  const calls = [
    ...[of.first, of.second].flatMap((value) => registers.map((each) => put(each, value(each)))),
    ...registers.map(get),
  ];
  const wanted = await onVcpu(of, async (fresh) => fresh.run(calls));
  const got = await host.execute(vcpu, calls, { signal: options.signal });
  registers.forEach(({ name }, index) => {
    const [is, should] = [got, wanted].map((all) => all[calls.length - registers.length + index]);
    if (is === undefined || should === undefined || answerOf(is) === answerOf(should)) return;
    const text = `${answerOf(is)} after a put to a vCPU that has run`;
    answers.say(`${name}.0.put-later`, text, answerOf(should));
  });
}

function agreeingReads(facts: RegisterFacts, agreeing: ReadonlySet<string>): GuestStep[] {
  return registerTable().flatMap((register): GuestStep[] => {
    const access = facts.get(register.name)?.guest;
    if (access === undefined || access.by === 'nothing' || !agreeing.has(register.name)) return [];
    if (access.readOnly === true || access.counts === true) return [];
    return [{ register, access, direction: 'read', value: 0n }];
  });
}

type Say = (name: string, what: string, seen: string, wanted: string) => void;

/** One turn of a vCPU; returns why its guest did not come to its end. */
async function askTurn(
  { host, options, rows }: Interplay,
  { guest, held }: Asked,
  reads: readonly GuestStep[],
  turn: number,
  say: Say,
): Promise<string | undefined> {
  const values = reads.map((step) => valueOf(step, BigInt(2 * turn + 1)));
  const writes = reads.map((step) => valueOf(step, BigInt(2 * turn + 2)));
  const readsAfter = reads.map((step) => ({ ...step }));
  const gets = reads.map(({ register }) => get(register));
  const puts = values.map(({ register, value }) => put(register, value));
  const run = await runSteps(
    host,
    guest,
    [...reads, ...inWriteOrder(writes, readsAfter)],
    { before: [...gets, ...puts, ...gets], after: gets },
    options,
  );
  if (run.stoppedAt !== undefined) return run.stoppedAt.why;
  const kept = run.before.slice(0, gets.length);
  const taken = run.before.slice(gets.length + puts.length);
  reads.forEach((step, index) => {
    const { register, access } = step;
    const ones = allOnes(register) & ~BigInt(access.moves ?? '0x0');
    const check = (what: string, found: bigint | undefined, wanted: bigint | undefined): void => {
      if (found === undefined || wanted === undefined || (found & ones) === (wanted & ones)) return;
      say(register.name, what, hexText(found & ones), hexText(wanted & ones));
    };
    check('kept', valueGot(kept[index]), held.get(register.name));
    const given = valueGot(taken[index]);
    const isWhole = rows.get(register.name)?.support === 'exact' && register.overlaps.length === 0;
    if (isWhole) check('put', given, values[index]?.value);
    check('guest-reads', valueRead(run.answers.get(step), step), given);
    const wrote = valueRead(run.answers.get(readsAfter[index] ?? step), step);
    const got = valueGot(run.after[index]);
    check('guest-wrote', got, wrote);
    if (got !== undefined) held.set(register.name, got);
  });
  return undefined;
}

/** A write of a value that no other register and no other turn has. */
function valueOf({ register, access }: GuestStep, seed: bigint): GuestStep {
  const value = distinctValue(register) ^ (seed * 0x0307_0b0d_1113_171d_0307_0b0d_1113_171dn);
  return { register, access, direction: 'write', value: legalValue(register, access, value) };
}

function valueGot(operation: Operation | undefined): bigint | undefined {
  return operation?.error === 0 ? operation.value : undefined;
}

function valueRead(answer: StepAnswer | undefined, { register }: GuestStep): bigint | undefined {
  return answer?.outcome === 'done' && !isReadIgnored(answer, register) ? answer.value : undefined;
}
