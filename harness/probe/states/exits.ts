import type { GeneralRegs } from '../../agent/kvm-host.js';
import type { StateRecord } from '../../record/record.generated.js';
import { readRegisterFacts } from '../../record/register-facts.js';
import type { RegisterFacts } from '../../record/register-facts.js';
import type { Operation } from '../../sync/operation.js';
import { registerTable } from '../../sync/register-table.js';
import { isReadIgnored } from '../guest/guest-answers.js';
import type { GuestStep } from '../guest/guest-step.js';
import type { StepAnswer } from '../guest/guest-run.js';
import { createGuestVcpu } from '../guest/guest-vcpu.js';
import { inWriteOrder } from '../guest/probe-guest.js';
import { get } from '../one-reg.js';
import { allOnes, distinctValue, legalValue } from '../patterns.js';
import type { Exit } from './exit-kinds.js';
import { EXITS, leaves } from './exit-kinds.js';
import { decrementerFar, freeStep, leave, tookText } from './free-steps.js';
import type { Way } from './general-state.js';
import {
  GENERAL_SIZE,
  generalChanges,
  generalValues,
  loadGeneral,
  storeGeneral,
} from './general-state.js';
import type { Pause } from './guest-script.js';
import { runOtherGuest, runScript } from './guest-script.js';
import { askKeptOverRuns } from './kept-over-runs.js';
import type { KvmCalls } from './kvm-calls.js';
import { hexText, StateAnswers } from './state-answers.js';
import { askWrittenAreas } from './written-areas.js';

/** What one exit's part of the guest's program is made of. */
interface Part {
  readonly exit: Exit;
  readonly writes: readonly GuestStep[];
  readonly before: readonly GuestStep[];
  /** Leaves to the VMM before and after the action, where that has something to do meanwhile. */
  readonly steps: readonly GuestStep[];
  readonly action: GuestStep;
  readonly after: readonly GuestStep[];
  readonly general: General;
}

/** Where the guest has its general registers from, what is there, and where it stores them. */
interface General {
  readonly from: number;
  readonly values: Buffer;
  readonly to: number;
}

/** Guest real addresses behind all programs, a page for each part. */
const GENERAL = 0x40_0000;
const [GENERAL_PAGE, GENERAL_STORED] = [0x1000, 0x800];

/**
 * What one way out loses, another one that came between (a tick of the host, a page) may have saved before:
 * what any turn shows counts. A signal comes after other times in each, because what a tick changes the next one may
 * change back: the host's are 1, 4 or 10 ms apart (CONFIG_HZ).
 */
const TURNS_RUN_MS = [15, 12, 10] as const;
/** The seed of what the other guest writes: no part's. */
const OTHER_SEED = 0x5an;

/**
 * A guest writes its registers, leaves (or is interrupted) in one of many ways, and reads them again; where
 * the VMM is asked meanwhile, ONE_REG must say the same.
 */
export async function askExits(calls: KvmCalls): Promise<StateRecord> {
  const { options } = calls;
  const answers = new StateAnswers();
  const facts = await readRegisterFacts();
  const asked = EXITS.filter(
    ({ isPapr, isMmio }) =>
      (isPapr !== true || options.isPapr) && (isMmio !== true || options.leaves === 'mmio'),
  );
  if (readSteps(facts, calls).length === 0) {
    answers.say('all', 'a guest reaches no register', 'a guest that runs');
    return answers.record;
  }
  for (const runMs of TURNS_RUN_MS) {
    let left = asked;
    while (left.length > 0) {
      const parts = left.map((exit, index) => partOf(exit, index, facts, calls));
      const stopped = await askParts(calls, parts, runMs, answers);
      left = stopped === undefined ? [] : left.slice(stopped + 1);
    }
  }
  await askKeptOverRuns(calls, facts, answers);
  await askWrittenAreas(calls, facts, answers);
  return answers.record;
}

/** Asks parts in one run of a fresh guest; returns the index of the one at which it stopped. */
async function askParts(
  calls: KvmCalls,
  parts: readonly Part[],
  runMs: number,
  answers: StateAnswers,
): Promise<number | undefined> {
  const { host, options } = calls;
  const { signal } = options;
  const steps = parts.flatMap((part) => part.steps);
  const partAt = parts.flatMap((part) => part.steps.map(() => part));
  const got = new Map<Part, readonly Outside[]>();
  const guest = await createGuestVcpu(host, options);
  for (const { general } of parts) {
    await host.writeMemory(guest.vm, BigInt(general.from), general.values, { signal });
  }
  const onPause = async ({ step, isSignal }: Pause): Promise<void> => {
    const part = partAt[step];
    const current = steps[step];
    if (part === undefined || current === undefined) return;
    const { meanwhile, name } = part.exit;
    if (
      meanwhile === 'interrupt' &&
      current.instructions !== undefined &&
      leaves(current.instructions)
    ) {
      const isBefore = part.steps.indexOf(current) < part.steps.indexOf(part.action);
      await calls.interrupt(guest.vcpu, isBefore ? 'set' : 'unset');
    } else if (current === part.action && isSignal === (name === 'signal')) {
      if (meanwhile === 'other guest') {
        const others = part.writes.map((step) => valueStep(step, OTHER_SEED));
        await runOtherGuest(calls, others);
      }
      const gets = part.before.map(({ register }) => get(register));
      const regs = await host.getRegs(guest.vcpu, { signal });
      const registers = await host.execute(guest.vcpu, gets, { signal });
      got.set(part, [...(got.get(part) ?? []), { regs, registers }]);
    }
  };
  const pauses = steps.filter(
    ({ instructions }) => instructions !== undefined && leaves(instructions),
  ).length;
  const run = await runScript(calls, guest, steps, { pauses, runMs, onPause });
  const stored = new Map<Part, Buffer>();
  for (const part of parts) {
    const { to } = part.general;
    stored.set(part, await host.readMemory(guest.vm, BigInt(to), GENERAL_SIZE, { signal }));
  }
  await host.destroyVm(guest.vm, { signal });
  const reached =
    run.stopped === undefined
      ? undefined
      : parts.findIndex((part) => part === partAt[run.stopped?.step ?? 0]);
  if (reached === -1) {
    // It never got to its first step.
    answers.say(parts[0]?.exit.name ?? '', run.stopped?.why ?? '', 'the guest to begin');
    return parts.length;
  }
  for (const [index, part] of parts.entries()) {
    if (index === reached)
      answers.say(part.exit.name, run.stopped?.why ?? '', 'the guest to go on');
    if (reached !== undefined && index >= reached) break;
    const outside = got.get(part) ?? [];
    sayPart(part, run.answers, outside, calls, answers);
    sayGeneral(part, stored.get(part), outside, calls, answers);
  }
  return reached;
}

/** What KVM says while the guest is outside; a signal comes more than once. */
interface Outside {
  readonly regs: GeneralRegs;
  readonly registers: readonly Operation[];
}

function partOf(exit: Exit, index: number, facts: RegisterFacts, calls: KvmCalls): Part {
  const before = readSteps(facts, calls);
  const writes = before.map((step) => valueStep(step, BigInt(index + 1)));
  const { options } = calls;
  const instructions = (options.isPapr ? exit.ofPapr : undefined) ?? exit.instructions;
  const action = instructions.length === 0 ? leave(options) : freeStep(instructions);
  const after = readSteps(facts, calls);
  const isAsked = exit.meanwhile === 'interrupt';
  const from = GENERAL + index * GENERAL_PAGE;
  const general = {
    ...{ from, to: from + GENERAL_STORED },
    values: generalValues(BigInt(index + 1), options.byteOrder),
  };
  return {
    ...{ exit, writes, before, action, after, general },
    steps: [
      ...inWriteOrder(writes, before),
      ...(isAsked ? [leave(options)] : []),
      freeStep(loadGeneral(general.from)),
      action,
      freeStep(storeGeneral(general.to)),
      // A decrementer that went off must not do so again at the next part.
      decrementerFar(),
      ...(isAsked ? [leave(options)] : []),
      ...after,
    ],
  };
}

/** Reads of every register that a guest also writes, and that stands still. */
function readSteps(facts: RegisterFacts, { options }: KvmCalls): GuestStep[] {
  return registerTable().flatMap((register): GuestStep[] => {
    const access = facts.get(register.name)?.guest;
    const isWanted = options.present.has(register.name);
    if (access === undefined || access.by === 'nothing' || !isWanted) return [];
    if (access.readOnly === true || access.counts === true) return [];
    // It is the upper half of the VSR.
    if (access.by === 'fpr' && options.present.has(register.name.replace('FPR', 'VSR'))) return [];
    return [{ register, access, direction: 'read', value: 0n }];
  });
}

function wayOf(
  { instructions, isHypercall, vector, meanwhile }: Exit,
  { leaves }: KvmCalls['options'],
): Way {
  const isLeave = instructions.length === 0;
  if (isLeave ? leaves === 'hypercall' : isHypercall === true) return 'hypercall';
  return vector === undefined && meanwhile !== 'interrupt' ? 'other' : 'interrupt';
}

/** The general registers of a guest behind an exit, and, while it is outside, those that KVM has. */
function sayGeneral(
  { exit, general }: Part,
  stored: Buffer | undefined,
  outside: readonly Outside[],
  { options }: KvmCalls,
  answers: StateAnswers,
): void {
  const way = wayOf(exit, options);
  for (const [by, what, found] of [
    ['', 'the guest has', stored] as const,
    ...outside.map(({ regs }) => ['.KVM', 'KVM gets', regs] as const),
  ]) {
    if (found === undefined) continue;
    for (const { name, was, is } of generalChanges(general.values, found, way, options.byteOrder)) {
      answers.say(`${exit.name}.${name}${by}`, `${what} ${hexText(is)}`, hexText(was));
    }
  }
}

/** A write of a value that no other register, and no other part, has. */
function valueStep(step: GuestStep, seed: bigint): GuestStep {
  const { register, access } = step;
  const value = distinctValue(register) ^ (seed * 0x0101_0101_0101_0101_0101_0101_0101_0101n);
  return { register, access, direction: 'write', value: legalValue(register, access, value) };
}

function sayPart(
  { exit, before, action, after }: Part,
  seen: ReadonlyMap<GuestStep, StepAnswer>,
  outside: readonly Outside[],
  { options }: KvmCalls,
  answers: StateAnswers,
): void {
  const came = seen.get(action);
  const vector = came?.outcome === 'trapped' ? came.vector : undefined;
  let kept = 0;
  before.forEach((step, index) => {
    const [first, second] = [seen.get(step), seen.get(after[index] ?? step)];
    if (first?.outcome !== 'done' || second?.outcome !== 'done') return;
    if (isReadIgnored(first, step.register)) return;
    const ones = allOnes(step.register) & ~BigInt(step.access.moves ?? '0x0');
    const [wanted, found] = [first.value & ones, second.value & ones];
    const item = `${exit.name}.${step.register.name}`;
    // Of what is not switched at all, guest-agrees says it.
    const isSwitched = options.agreeing.has(step.register.name);
    if (wanted === found) kept += 1;
    else
      answers.say(
        item,
        `the guest reads ${hexText(found)}`,
        isSwitched ? hexText(wanted) : undefined,
      );
    for (const { registers } of isSwitched ? outside : []) {
      const operation = registers[index];
      if (operation === undefined) continue;
      const value = operation.value & ones;
      if (operation.error === 0 && value !== wanted) {
        answers.say(`${item}.KVM`, `KVM gets ${hexText(value)}`, hexText(wanted));
      }
    }
  });
  const ending = vector === undefined ? 'went on' : tookText(vector);
  answers.say(
    exit.name,
    `${ending}, ${kept} registers kept`,
    vector === exit.vector
      ? undefined
      : exit.vector === undefined
        ? 'the guest to go on'
        : tookText(exit.vector),
  );
}
