import type { StateRecord } from '../../record/record.generated.js';
import type { Operation } from '../../sync/operation.js';
import { registerNamed } from '../../sync/register-table.js';
import type { GuestStep } from '../guest/guest-step.js';
import type { GuestVcpu } from '../guest/guest-vcpu.js';
import { readAnswers } from '../guest/guest-run.js';
import { createGuestVcpu } from '../guest/guest-vcpu.js';
import { get, put } from '../one-reg.js';
import {
  decrementerFar,
  leave,
  letIn,
  readSpr,
  sayStep,
  stepText,
  stepValue,
} from './free-steps.js';
import { LONG, SHORT } from './guest-actions.js';
import type { ScriptRun } from './guest-script.js';
import { runScript } from './guest-script.js';
import type { KvmCalls } from './kvm-calls.js';
import { hexText, StateAnswers } from './state-answers.js';

/** SPR numbers. */
const [DEC, TB, VTB] = [22, 268, 849];
/** KVM rounds TB_OFFSET up to 16 Mi ticks. A decrementer may have 32 bits: it must be another one in those, too. */
const OFFSET = 0x12_3456_2b00_0000n;
const VTB_START = 0x0034_5678_0000_0000n;
/**
 * Between two readings of its clock the emulator's nested guest is entered, and loses some thousand ticks of
 * its decrementer (10 us): what TB_OFFSET is rounded to is let through.
 */
const SLACK = 1n << 24n;
/** Ticks that no machine here is up for. */
const AGE = 1n << 42n;
/** A decrementer that is due soon after the guest goes on (within LONG), and one that is not while it is asked. */
const SOON = 1n << 26n;
const LATER = 0x7000_0000n;
const DECREMENTER = 0x900;

/** Whether a restored guest's clocks go on from those that were saved, and its decrementer is due when it was. */
export async function askTime(calls: KvmCalls): Promise<StateRecord> {
  const answers = new StateAnswers();
  await askClocks(calls, answers);
  await askDecrementer(calls, answers);
  return answers.record;
}

/** The timebase and the virtual timebase of a guest, and of the one that is restored from it. */
async function askClocks(calls: KvmCalls, answers: StateAnswers): Promise<void> {
  const { host, options } = calls;
  const { signal } = options;
  const clocks = [
    { name: 'TB', spr: TB, register: registerNamed('TB_OFFSET'), start: OFFSET },
    { name: 'VTB', spr: VTB, register: registerNamed('VTB'), start: VTB_START },
  ].filter(({ register }) => options.present.has(register.name) || register.name === 'TB_OFFSET');
  const reads = clocks.map(({ spr }) => readSpr(spr));
  let puts: readonly Operation[] = clocks.map(({ register, start }) => put(register, start));
  const seen = new Map<string, bigint>(clocks.map(({ name, start }) => [name, start]));
  for (const turn of ['fresh', 'restored']) {
    const guest = await createGuestVcpu(host, options);
    const done = await host.execute(guest.vcpu, puts, { signal });
    const run = await runScript(calls, guest, reads, { pauses: 0 });
    const got = await host.execute(
      guest.vcpu,
      clocks.map(({ register }) => get(register)),
      { signal },
    );
    await host.destroyVm(guest.vm, { signal });
    clocks.forEach(({ name, register }, index) => {
      const item = `${name}.${turn}`;
      const refusal = done[index]?.error ?? 0;
      if (refusal !== 0) {
        answers.say(item, `${register.name} is refused`);
        return;
      }
      const least = seen.get(name) ?? 0n;
      const step = reads[index];
      const answer = step && run.answers.get(step);
      const value = stepValue(answer);
      if (value === undefined) answers.say(item, stepText(answer), 'the guest to read it');
      else sayClock(item, value, least, answers);
      seen.set(name, value ?? least);
    });
    puts = clocks.map(({ register }, index) => put(register, got[index]?.value ?? 0n));
  }
}

/** A clock stands at `least` or later, and not days later. */
function sayClock(item: string, value: bigint, least: bigint, answers: StateAnswers): void {
  const where = value < least ? `${least - value} ticks back` : `${value - least} ticks ahead`;
  const isOn = value >= least && value < least + AGE;
  answers.compare(item, isOn ? 'goes on' : where, 'goes on');
}

/** The decrementer by DEC_EXPIRY: what the guest reads of it, and when it interrupts. */
async function askDecrementer(calls: KvmCalls, answers: StateAnswers): Promise<void> {
  const { host, options } = calls;
  const register = registerNamed('DEC_EXPIRY');
  if (!options.present.has(register.name)) {
    answers.say('DEC', 'this KVM has no DEC_EXPIRY');
    return;
  }
  const { signal } = options;
  const guest = await createGuestVcpu(host, options);
  await host.execute(guest.vcpu, [put(registerNamed('TB_OFFSET'), OFFSET)], { signal });
  const now = [readSpr(TB), readSpr(TB)] as const;
  const [before, dec, after] = [readSpr(TB), readSpr(DEC), readSpr(TB)] as const;
  const [early, due, late, again] = [letIn(SHORT), letIn(LONG), readSpr(TB), letIn(SHORT)] as const;
  const steps = [
    ...[now[0], leave(options)],
    ...[before, dec, after, early],
    ...[now[1], leave(options)],
    ...[due, late],
    ...[decrementerFar(), again],
  ];
  const expiries: bigint[] = [];
  const run = await runScript(calls, guest, steps, {
    pauses: 2,
    onPause: async ({ step, isSignal }) => {
      const index = now.findIndex((read) => steps.indexOf(read) + 1 === step);
      if (isSignal || index === -1) return;
      const expiry = (await readOf(guest, steps, now[index], calls)) + (index === 0 ? LATER : SOON);
      expiries[index] = expiry;
      await host.execute(guest.vcpu, [put(register, expiry)], { signal });
    },
  });
  await host.destroyVm(guest.vm, { signal });
  sayDecrementer(run, { before, dec, after, early, due, late, again }, expiries, answers);
}

type Asked = Readonly<
  Record<'before' | 'dec' | 'after' | 'early' | 'due' | 'late' | 'again', GuestStep>
>;

function sayDecrementer(
  { answers: seen, stopped }: ScriptRun,
  asked: Asked,
  [later = 0n, soon = 0n]: readonly bigint[],
  answers: StateAnswers,
): void {
  if (stopped !== undefined) {
    answers.say('DEC', stopped.why, 'the guest to go on');
    return;
  }
  const valueOf = (step: GuestStep): bigint => stepValue(seen.get(step)) ?? 0n;
  const dec = valueOf(asked.dec);
  const most = later - valueOf(asked.before) + SLACK;
  const least = later - valueOf(asked.after) - SLACK;
  const isRight = dec >= least && dec <= most;
  answers.say(
    'DEC.left',
    isRight ? 'right' : `${hexText(dec)} ticks`,
    isRight ? undefined : `${hexText(least)} to ${hexText(most)} ticks`,
  );
  sayStep(['DEC.not-before', asked.early], seen, answers);
  sayStep(['DEC.when-due', asked.due, DECREMENTER], seen, answers);
  const early = soon - valueOf(asked.late);
  answers.compare('DEC.in-time', early > 0n ? `${early} ticks early` : 'not early', 'not early');
  sayStep(['DEC.not-again', asked.again], seen, answers);
}

/** What a step that a guest has made stored. */
async function readOf(
  { vm }: GuestVcpu,
  steps: readonly GuestStep[],
  step: GuestStep | undefined,
  { host, options }: KvmCalls,
): Promise<bigint> {
  const seen = await readAnswers(host, vm, steps, options);
  return stepValue(step && seen.get(step)) ?? 0n;
}
