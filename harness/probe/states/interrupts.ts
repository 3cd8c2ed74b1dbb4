import type { StateRecord } from '../../record/record.generated.js';
import { registerNamed } from '../../sync/register-table.js';
import { RECORDED_CAPABILITIES } from '../capabilities.js';
import type { GuestStep } from '../guest/guest-step.js';
import type { GuestVcpu } from '../guest/guest-vcpu.js';
import { createGuestVcpu } from '../guest/guest-vcpu.js';
import { get } from '../one-reg.js';
import {
  decrementerFar,
  hypercall,
  letIn,
  letInPending,
  sayStep,
  stepText,
  stepValue,
  tookText,
} from './free-steps.js';
import { SHORT } from './guest-actions.js';
import { runScript } from './guest-script.js';
import type { KvmCalls } from './kvm-calls.js';
import { onVcpuFile, onVmFile, resultText } from './kvm-calls.js';
import { hexText, StateAnswers } from './state-answers.js';

/** Kinds of KVM_CREATE_DEVICE (include/uapi/linux/kvm.h), and what connects a vCPU to one. */
const CONTROLLERS = {
  xics: { kind: 3, capability: RECORDED_CAPABILITIES.KVM_CAP_IRQ_XICS },
  xive: { kind: 9, capability: RECORDED_CAPABILITIES.KVM_CAP_PPC_IRQ_XIVE },
} as const;
/** H_XIRR takes an interrupt, and answers with it (arch/powerpc/include/asm/hvcall.h). */
const H_XIRR = 0x74;
const EXTERNAL = 0x500;
/** KVM_DEV_XICS_GRP_SOURCES; a source's value has its server, and from bit 32 its priority and flags. */
const SOURCES = 1;
const SOURCE = 0x1001;
const PENDING = 1n << 42n;
const LPCR_MER = 0x800n;

/** ICP_STATE (arch/powerpc/include/uapi/asm/kvm.h, KVM_REG_PPC_ICP_*). */
function icpState(cppr: number, xisr: number, mfrr: number, pending: number): bigint {
  return (
    (BigInt(cppr) << 56n) | (BigInt(xisr) << 32n) | (BigInt(mfrr) << 24n) | (BigInt(pending) << 16n)
  );
}
/** An ICP_STATE of a processor that takes everything, with nothing pending. */
export const IDLE_ICP = icpState(0xff, 0, 0xff, 0xff);
const MASKED = icpState(0x03, 0, 0x70, 0xff);
const IPI = 2;
export const ICP_WITH_IPI = icpState(0xff, IPI, 0x06, 0x06);
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
  name: keyof typeof CONTROLLERS,
): Promise<Controller | string> {
  const { host, options } = calls;
  const { signal } = options;
  const { kind, capability } = CONTROLLERS[name];
  const guest = await createGuestVcpu(host, options);
  const asked = calls.structure(12, [[0, kind]]);
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
  const connected = await calls.enableCap(onVcpuFile(guest.vcpu), capability, [device, 0]);
  if (connected < 0) {
    await end();
    return `no presenter: ${resultText(connected)}`;
  }
  return { guest, device, [Symbol.asyncDispose]: end };
}

async function askXics(calls: KvmCalls, answers: StateAnswers): Promise<void> {
  const states = { idle: IDLE_ICP, masked: MASKED, ipi: ICP_WITH_IPI };
  for (const [name, state] of Object.entries(states)) {
    const made = await controllerOf(calls, 'xics');
    if (typeof made === 'string') {
      answers.say('xics', made);
      return;
    }
    await using xics = made;
    const text = await calls.putAndGet(xics.guest.vcpu, 'ICP_STATE', state);
    answers.compare(`xics.${name}`, text, hexText(state));
    if (name === 'idle') await sayQuiet(calls, xics.guest, answers);
    if (name !== 'ipi') continue;
    await sayTaken(calls, xics.guest, 'xics.pending', 0xff00_0000n | BigInt(IPI), answers);
  }
  await askRefused(calls, answers);
  await askSource(calls, answers);
}

/** A guest whose controller has nothing for it lets interrupts in, and takes none. */
async function sayQuiet(calls: KvmCalls, guest: GuestVcpu, answers: StateAnswers): Promise<void> {
  const wait = letIn(SHORT);
  const run = await runScript(calls, guest, [decrementerFar(), wait], { pauses: 0 });
  sayStep(['xics.idle.quiet', wait], run.answers, answers);
}

/** A state that contradicts itself is refused, and changes nothing. */
async function askRefused(calls: KvmCalls, answers: StateAnswers): Promise<void> {
  const made = await controllerOf(calls, 'xics');
  if (typeof made === 'string') return;
  await using xics = made;
  await calls.putAndGet(xics.guest.vcpu, 'ICP_STATE', MASKED);
  const text = await calls.putAndGet(xics.guest.vcpu, 'ICP_STATE', AGAINST_ITSELF);
  const after = await calls.putAndGet(xics.guest.vcpu, 'ICP_STATE');
  answers.compare(
    'xics.contradiction',
    `${text}, then ${after}`,
    `EINVAL, then ${hexText(MASKED)}`,
  );
}

/** A source that is restored as pending interrupts the guest, once. */
async function askSource(calls: KvmCalls, answers: StateAnswers): Promise<void> {
  const made = await controllerOf(calls, 'xics');
  if (typeof made === 'string') return;
  await using xics = made;
  await calls.putAndGet(xics.guest.vcpu, 'ICP_STATE', IDLE_ICP);
  const quiet = await sourceValue(calls, xics.device, 'SET_DEVICE_ATTR', 5n << 32n);
  const got = await sourceValue(calls, xics.device, 'GET_DEVICE_ATTR', 0n);
  const text = `${resultText(quiet.result)}, ${hexText(got.value)}`;
  answers.compare('xics.source', text, `ok, ${hexText(5n << 32n)}`);
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

/**
 * The guest lets interrupts in: it takes one, H_XIRR says which, and none comes after it. A guest without
 * hypercalls is interrupted, and can say no more.
 */
async function sayTaken(
  calls: KvmCalls,
  guest: GuestVcpu,
  item: string,
  xirr: bigint,
  answers: StateAnswers,
): Promise<void> {
  if (!calls.options.isPapr) {
    const take = letInPending(calls.options);
    const { answers: seen } = await runScript(calls, guest, [decrementerFar(), take], {
      pauses: 0,
    });
    sayStep([item, take, EXTERNAL], seen, answers);
    return;
  }
  const [take, which, again] = [
    letInPending(calls.options),
    hypercall(H_XIRR),
    letIn(SHORT),
  ] as const;
  const steps = [decrementerFar(), take, which, again];
  const run = await runScript(calls, guest, steps, { pauses: 0 });
  const textOf = (step: GuestStep): string => stepText(run.answers.get(step));
  const value = stepValue(run.answers.get(which));
  const seen = [
    textOf(take),
    value === undefined ? textOf(which) : hexText(value),
    textOf(again),
  ].join(', ');
  answers.compare(item, seen, `${tookText(EXTERNAL)}, ${hexText(xirr)}, went on`);
}

/** XIVE's state of a vCPU that was never asked to run: CPPR and IPB, in the layout of its thread context. */
async function askXive(calls: KvmCalls, answers: StateAnswers): Promise<void> {
  const made = await controllerOf(calls, 'xive');
  if (typeof made === 'string') {
    answers.say('xive', made);
    return;
  }
  await using xive = made;
  const fresh = await calls.putAndGet(xive.guest.vcpu, 'VP_STATE');
  answers.say('xive.fresh', fresh);
  // Big-endian bytes NSR, CPPR, IPB, LSMFB: any CPPR, with two interrupts in the backlog.
  const bytes = Buffer.from([0, 0x07, 0x30, 0, 0, 0, 0, 0]);
  const word = calls.long(bytes, 0);
  const text = await calls.putAndGet(xive.guest.vcpu, 'VP_STATE', word);
  answers.compare('xive.pending', text, hexText(word));
}

/** An interrupt that the VMM sets and unsets before the guest lets it in is gone. */
async function askUnset(calls: KvmCalls, answers: StateAnswers): Promise<void> {
  const { host, options } = calls;
  const guest = await createGuestVcpu(host, options);
  const [far, again] = [decrementerFar(), letIn(SHORT)] as const;
  await calls.interrupt(guest.vcpu, 'set');
  await runScript(calls, guest, [far], { pauses: 0 });
  await calls.interrupt(guest.vcpu, 'unset');
  const run = await runScript(calls, guest, [far, again], { pauses: 0 });
  sayStep(['unset', again], run.answers, answers);
  const [lpcr] = await host.execute(guest.vcpu, [get(registerNamed('LPCR_64'))], {
    signal: options.signal,
  });
  const isSet = ((lpcr?.value ?? 0n) & LPCR_MER) !== 0n;
  answers.compare('unset.MER', isSet ? 'set' : 'clear', 'clear');
  await host.destroyVm(guest.vm, { signal: options.signal });
}
