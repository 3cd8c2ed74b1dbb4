import type { StateRecord } from '../../record/record.generated.js';
import { registerNamed } from '../../sync/register-table.js';
import { RECORDED_CAPABILITIES } from '../capabilities.js';
import type { GuestStep } from '../guest/guest-step.js';
import type { GuestVcpu } from '../guest/guest-vcpu.js';
import { createGuestVcpu } from '../guest/guest-vcpu.js';
import { get, put } from '../one-reg.js';
import { freeStep, hypercall, stepText, stepValue } from './free-steps.js';
import * as actions from './guest-actions.js';
import { runScript } from './guest-script.js';
import type { KvmCalls } from './kvm-calls.js';
import { onVcpuFile, onVmFile, resultText } from './kvm-calls.js';
import { hexText, StateAnswers } from './state-answers.js';

/** Kinds of KVM_CREATE_DEVICE (include/uapi/linux/kvm.h). */
const DEVICE = { xics: 3, xive: 9 } as const;
/** H_XIRR takes an interrupt, and answers with it (arch/powerpc/include/asm/hvcall.h). */
const H_XIRR = 0x74;
const EXTERNAL = 0x500;
/** KVM_DEV_XICS_GRP_SOURCES; a source's value has its server, and from bit 32 its priority and flags. */
const SOURCES = 1;
const SOURCE = 0x1001;
const PENDING = 1n << 42n;
/** KVM_INTERRUPT_SET_LEVEL and KVM_INTERRUPT_UNSET, as 32-bit words. */
const [SET_LEVEL, UNSET] = [0xffff_fffd, 0xffff_fffe];
const LPCR_MER = 0x800n;
const [SHORT, LONG] = [200, 3000];

/** ICP_STATE (arch/powerpc/include/uapi/asm/kvm.h, KVM_REG_PPC_ICP_*). */
function icpState(cppr: number, xisr: number, mfrr: number, pending: number): bigint {
  return (
    (BigInt(cppr) << 56n) | (BigInt(xisr) << 32n) | (BigInt(mfrr) << 24n) | (BigInt(pending) << 16n)
  );
}
const IDLE = icpState(0xff, 0, 0xff, 0xff);
const MASKED = icpState(0x03, 0, 0x70, 0xff);
const IPI = 2;
const WITH_IPI = icpState(0xff, IPI, 0x06, 0x06);
/** Says that an interrupt is pending that is less favoured than the processor. */
const AGAINST_ITSELF = icpState(0x03, IPI, 0x06, 0x06);

/** An interrupt controller of the kernel's, and interrupts that are pending in it, over a restore. */
export async function askInterrupts(calls: KvmCalls): Promise<StateRecord> {
  const answers = new StateAnswers();
  await askXics(calls, answers);
  await askXive(calls, answers);
  await askUnset(calls, answers);
  return answers.record;
}

interface Controller extends AsyncDisposable {
  readonly guest: GuestVcpu;
  readonly device: number;
}

/** A guest with a controller; or why there is none. */
async function controllerOf(
  calls: KvmCalls,
  kind: keyof typeof DEVICE,
): Promise<Controller | string> {
  const { host, options } = calls;
  const { signal } = options;
  const guest = await createGuestVcpu(host, options);
  const asked = calls.structure(12, [[0, DEVICE[kind]]]);
  const { result, structure } = await calls.call(onVmFile(guest.vm), 'CREATE_DEVICE', asked);
  if (result < 0) {
    await host.destroyVm(guest.vm, { signal });
    return `no device: ${resultText(result)}`;
  }
  const device = calls.word(structure, 4);
  const end = async (): Promise<void> => {
    await host.closeDevice(device, { signal });
    await host.destroyVm(guest.vm, { signal });
  };
  const capability =
    RECORDED_CAPABILITIES[kind === 'xics' ? 'KVM_CAP_IRQ_XICS' : 'KVM_CAP_PPC_IRQ_XIVE'];
  const connected = await calls.enableCap(onVcpuFile(guest.vcpu), capability, [device, 0]);
  if (connected < 0) {
    await end();
    return `no presenter: ${resultText(connected)}`;
  }
  return { guest, device, [Symbol.asyncDispose]: end };
}

async function askXics(calls: KvmCalls, answers: StateAnswers): Promise<void> {
  const states = { idle: IDLE, masked: MASKED, ipi: WITH_IPI };
  for (const [name, state] of Object.entries(states)) {
    const made = await controllerOf(calls, 'xics');
    if (typeof made === 'string') {
      answers.say('xics', made);
      return;
    }
    await using xics = made;
    const text = await putAndGet(calls, xics.guest, 'ICP_STATE', state);
    answers.say(`xics.${name}`, text, text === hexText(state) ? undefined : hexText(state));
    if (name !== 'ipi') continue;
    await sayTaken(calls, xics.guest, 'xics.pending', 0xff00_0000n | BigInt(IPI), answers);
  }
  await askRefused(calls, answers);
  await askSource(calls, answers);
}

/** A state that contradicts itself is refused, and changes nothing. */
async function askRefused(calls: KvmCalls, answers: StateAnswers): Promise<void> {
  const made = await controllerOf(calls, 'xics');
  if (typeof made === 'string') return;
  await using xics = made;
  await putAndGet(calls, xics.guest, 'ICP_STATE', MASKED);
  const text = await putAndGet(calls, xics.guest, 'ICP_STATE', AGAINST_ITSELF);
  const after = await putAndGet(calls, xics.guest, 'ICP_STATE');
  const seen = `${text}, then ${after}`;
  const expected = `EINVAL, then ${hexText(MASKED)}`;
  answers.say('xics.contradiction', seen, seen === expected ? undefined : expected);
}

/** A source that is restored as pending interrupts the guest, once. */
async function askSource(calls: KvmCalls, answers: StateAnswers): Promise<void> {
  const made = await controllerOf(calls, 'xics');
  if (typeof made === 'string') return;
  await using xics = made;
  await putAndGet(calls, xics.guest, 'ICP_STATE', IDLE);
  const quiet = await sourceValue(calls, xics.device, 'SET_DEVICE_ATTR', 5n << 32n);
  const got = await sourceValue(calls, xics.device, 'GET_DEVICE_ATTR', 0n);
  const text = `${resultText(quiet.result)}, ${hexText(got.value)}`;
  const expected = `ok, ${hexText(5n << 32n)}`;
  answers.say('xics.source', text, text === expected ? undefined : expected);
  await sourceValue(calls, xics.device, 'SET_DEVICE_ATTR', (5n << 32n) | PENDING);
  await sayTaken(calls, xics.guest, 'xics.source.pending', 0xff00_0000n | BigInt(SOURCE), answers);
}

async function sourceValue(
  calls: KvmCalls,
  device: number,
  request: 'SET_DEVICE_ATTR' | 'GET_DEVICE_ATTR',
  value: bigint,
): Promise<{ readonly result: number; readonly value: bigint }> {
  const attribute = calls.structure(24, [[4, SOURCES]]);
  calls.writeLong(attribute, 8, BigInt(SOURCE));
  const bytes = Buffer.alloc(8);
  calls.writeLong(bytes, 0, value);
  const { result, behind } = await calls.call(
    { on: 'device', handle: device },
    request,
    attribute,
    { pointerAt: 16, bytes },
  );
  return { result, value: calls.long(behind, 0) };
}

/** The guest lets interrupts in: it takes one, H_XIRR says which, and none comes after it. */
async function sayTaken(
  calls: KvmCalls,
  guest: GuestVcpu,
  item: string,
  xirr: bigint,
  answers: StateAnswers,
): Promise<void> {
  const far = freeStep(actions.setDecrementer(actions.DECREMENTER_FAR));
  const take = freeStep(actions.interruptible(LONG));
  const which = hypercall(H_XIRR);
  const again = freeStep(actions.interruptible(SHORT));
  const run = await runScript(calls, guest, [far, take, which, again], { pauses: 0 });
  const textOf = (step: GuestStep): string => stepText(run.answers.get(step));
  const value = stepValue(run.answers.get(which));
  const seen = [
    textOf(take),
    value === undefined ? textOf(which) : hexText(value),
    textOf(again),
  ].join(', ');
  const expected = `took ${hexText(BigInt(EXTERNAL))}, ${hexText(xirr)}, went on`;
  answers.say(item, seen, seen === expected ? undefined : expected);
}

/** XIVE's state of a vCPU that was never asked to run: CPPR and IPB, in the layout of its thread context. */
async function askXive(calls: KvmCalls, answers: StateAnswers): Promise<void> {
  const made = await controllerOf(calls, 'xive');
  if (typeof made === 'string') {
    answers.say('xive', made);
    return;
  }
  await using xive = made;
  const fresh = await putAndGet(calls, xive.guest, 'VP_STATE');
  answers.say('xive.fresh', fresh);
  // Big-endian bytes NSR, CPPR, IPB, LSMFB: any CPPR, with two interrupts in the backlog.
  const bytes = Buffer.from([0, 0x07, 0x30, 0, 0, 0, 0, 0]);
  const word = calls.long(bytes, 0);
  const text = await putAndGet(calls, xive.guest, 'VP_STATE', word);
  answers.say('xive.pending', text, text === hexText(word) ? undefined : hexText(word));
}

/** An interrupt that the VMM sets and unsets before the guest lets it in is gone. */
async function askUnset(calls: KvmCalls, answers: StateAnswers): Promise<void> {
  const { host, options } = calls;
  const guest = await createGuestVcpu(host, options);
  const far = freeStep(actions.setDecrementer(actions.DECREMENTER_FAR));
  const interrupt = async (line: number): Promise<unknown> =>
    calls.call(onVcpuFile(guest.vcpu), 'INTERRUPT', calls.structure(4, [[0, line]]));
  await interrupt(SET_LEVEL);
  await runScript(calls, guest, [far], { pauses: 0 });
  await interrupt(UNSET);
  const again = freeStep(actions.interruptible(SHORT));
  const run = await runScript(calls, guest, [far, again], { pauses: 0 });
  const seen = stepText(run.answers.get(again));
  answers.say('unset', seen, seen === 'went on' ? undefined : 'went on');
  const [lpcr] = await host.execute(guest.vcpu, [get(registerNamed('LPCR_64'))], {
    signal: options.signal,
  });
  const isSet = ((lpcr?.value ?? 0n) & LPCR_MER) !== 0n;
  answers.say('unset.MER', isSet ? 'set' : 'clear', isSet ? 'clear' : undefined);
  await host.destroyVm(guest.vm, { signal: options.signal });
}

/** What a register holds after a put, or without one; the errno of whichever is refused. */
async function putAndGet(
  { host, options }: KvmCalls,
  { vcpu }: GuestVcpu,
  name: string,
  value?: bigint,
): Promise<string> {
  const register = registerNamed(name);
  const operations = [...(value === undefined ? [] : [put(register, value)]), get(register)];
  const done = await host.execute(vcpu, operations, { signal: options.signal });
  const refused = done.find(({ error }) => error !== 0);
  return refused === undefined ? hexText(done.at(-1)?.value ?? 0n) : resultText(refused.error);
}
