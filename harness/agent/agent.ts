import type { Operation } from '../sync/operation.js';
import { decodeOperations, encodeOperations, PENDING } from '../sync/operation.js';
import type { WorkClock } from '../base/deadline.js';
import { messageOf, SprmatrixError } from '../base/error.js';
import type { AgentChannel, RequestOptions } from './agent-channel.js';
import type {
  CallFile,
  HostileCall,
  HostileResult,
  Race,
  RaceResult,
  RunningPut,
  RunningPutResult,
} from './hostile-calls.js';
import {
  decodeRaceResult,
  decodeResults,
  decodeRunningPutResult,
  encodeCalls,
  encodeRace,
  encodeRunningPut,
} from './hostile-calls.js';
import type {
  GeneralRegs,
  Hello,
  KvmHost,
  RegisterHost,
  VcpuExit,
  VcpuHandle,
  VmHandle,
} from './kvm-host.js';
import type { LateTurn } from './nudge.js';
import type { IoctlAnswer, KvmIoctl } from './kvm-ioctl.js';
import { decodeIoctlAnswer, encodeIoctl } from './kvm-ioctl.js';
import { decode, encode, REG_NAMES, layoutSize } from './layouts.js';
import { NUDGE_AFTER_MS, nudged } from './nudge.js';
import type { RequestName } from './protocol.js';
import * as protocol from './protocol.js';
import type { NotedCall } from './transcript.js';
import { Transcript } from './transcript.js';

/** A hello of the agent. */
export interface AgentHello extends Hello {
  /** Milliseconds from the kernel's first instant to the agent's readiness. */
  readonly uptimeMs: number;
}

/** The requests of a running agent, typed. Every method can fail as `AgentChannel.request` does. */
export class Agent implements KvmHost {
  /** What was asked of it so far, and what it answered. */
  readonly transcript = new Transcript();
  /** Guests whose turn ended only after the machine had been interrupted: the emulator's doing. */
  readonly lateTurns: LateTurn[] = [];
  readonly registers?: RegisterHost;
  readonly #channel: AgentChannel;

  constructor(channel: AgentChannel) {
    this.#channel = channel;
  }

  async openKvm(
    capabilities: Readonly<Record<string, number>>,
    options?: RequestOptions,
  ): Promise<Record<string, number>> {
    const names = Object.keys(capabilities);
    const asked = Object.values(capabilities).map((capability) =>
      encode('kvmOpenEach', { capability }),
    );
    const answer = await this.#ask('KVM_OPEN', Buffer.concat(asked), options);
    const results = names.map((_, index) =>
      decode('kvmOpenAnswerEach', answer, index * layoutSize('kvmOpenAnswerEach')),
    );
    return Object.fromEntries(
      names.map((name, index) => [name, (results[index]?.result ?? 0) | 0]),
    );
  }

  async createVm(type: number, options?: RequestOptions): Promise<VmHandle> {
    const answer = await this.#ask('VM_CREATE', encode('vmCreate', { type }), options);
    return decode('vmCreateAnswer', answer).vm as VmHandle;
  }

  async destroyVm(vm: VmHandle, options?: RequestOptions): Promise<void> {
    await this.#ask('VM_DESTROY', encode('vmDestroy', { vm }), options);
  }

  async createVcpu(vm: VmHandle, id: number, options?: RequestOptions): Promise<VcpuHandle> {
    const answer = await this.#ask('VCPU_CREATE', encode('vcpuCreate', { vm, id }), options);
    return decode('vcpuCreateAnswer', answer).vcpu as VcpuHandle;
  }

  async execute(
    vcpu: VcpuHandle,
    operations: readonly Operation[],
    options?: RequestOptions,
  ): Promise<Operation[]> {
    const payload = Buffer.concat([encode('execute', { vcpu }), encodeOperations(operations)]);
    const note = this.transcript.begin('EXECUTE', operations);
    const answer = await this.#noted(note, this.#channel.request('EXECUTE', payload, options));
    const executed = decodeOperations(answer);
    note(`${executed.length} calls`, executed);
    if (executed.length !== operations.length) {
      throw new SprmatrixError({
        code: 'AGENT_PROTOCOL',
        message: `agent: EXECUTE answered ${executed.length} operations to ${operations.length}`,
      });
    }
    return executed;
  }

  async kernelLog(options?: RequestOptions): Promise<string> {
    return (await this.#ask('KERNEL_LOG', Buffer.alloc(0), options)).toString('utf8');
  }

  async addMemory(
    vm: VmHandle,
    slot: number,
    address: bigint,
    size: bigint,
    options?: RequestOptions,
  ): Promise<void> {
    await this.#ask('MEMORY_ADD', encode('memoryAdd', { vm, slot, address, size }), options);
  }

  async writeMemory(
    vm: VmHandle,
    address: bigint,
    bytes: Uint8Array,
    options?: RequestOptions,
  ): Promise<void> {
    const payload = Buffer.concat([encode('memoryWrite', { vm, address }), bytes]);
    await this.#ask('MEMORY_WRITE', payload, options);
  }

  async readMemory(
    vm: VmHandle,
    address: bigint,
    size: number,
    options?: RequestOptions,
  ): Promise<Buffer> {
    return this.#ask('MEMORY_READ', encode('memoryRead', { vm, size, address }), options);
  }

  async getRegs(vcpu: VcpuHandle, options?: RequestOptions): Promise<GeneralRegs> {
    const answer = await this.#ask('REGS_GET', encode('regsGet', { vcpu }), options);
    const { gpr, ...fields } = decode('regsGetAnswer', answer);
    const named = Object.fromEntries(REG_NAMES.map((name) => [name, fields[name]])) as Record<
      (typeof REG_NAMES)[number],
      bigint
    >;
    return { ...named, gpr: Array.from({ length: 32 }, (_, at) => gpr.readBigUInt64LE(at * 8)) };
  }

  async setRegs(vcpu: VcpuHandle, regs: GeneralRegs, options?: RequestOptions): Promise<void> {
    const gpr = Buffer.alloc(regs.gpr.length * 8);
    regs.gpr.forEach((value, at) => gpr.writeBigUInt64LE(value, at * 8));
    const payload = Buffer.concat([
      encode('regsSet', { vcpu }),
      encode('regsGetAnswer', { ...regs, gpr }),
    ]);
    await this.#ask('REGS_SET', payload, options);
  }

  async enableVcpuCap(
    vcpu: VcpuHandle,
    capability: number,
    options?: RequestOptions,
  ): Promise<void> {
    const payload = encode('enableCap', {
      ...{ handle: vcpu, isVcpu: 1, capability, arguments: Buffer.alloc(32) },
    });
    await this.#ask('ENABLE_CAP', payload, options);
  }

  get clock(): WorkClock | undefined {
    return this.#channel.clock;
  }

  async run(vcpu: VcpuHandle, limitMs: number, options?: RequestOptions): Promise<VcpuExit> {
    const { clock } = this.#channel;
    const startedAt = performance.now();
    const deniedBefore = clock?.deniedMs() ?? 0;
    const asked = this.#ask('RUN', encode('run', { vcpu, limitMs }), options);
    const answer = await this.#turnOf('RUN', asked, options, limitMs);
    const deniedMs = (clock?.deniedMs() ?? 0) - deniedBefore;
    const { error, reason, data } = decode('runAnswer', answer);
    return {
      ...{ errno: error, reason, data },
      workedMs: performance.now() - startedAt - deniedMs,
    };
  }

  async hostileCalls(
    vcpu: VcpuHandle,
    file: CallFile,
    calls: readonly HostileCall[],
    options?: RequestOptions,
  ): Promise<HostileResult[]> {
    const asked = calls.map((call) => ({ ...call, error: PENDING, where: whereText(call) }));
    const note = this.transcript.begin('HOSTILE_CALLS', asked);
    const payload = encodeCalls(vcpu, file, calls);
    const answer = this.#channel.request('HOSTILE_CALLS', payload, options);
    const results = decodeResults(await this.#noted(note, answer), calls);
    note(
      `${results.length} calls on ${file === 'vcpu' ? 'the vCPU' : `the file "${file}"`}`,
      asked.map((call, index) => answered(call, results[index])),
    );
    return results;
  }

  async race(vcpu: VcpuHandle, race: Race, options?: RequestOptions): Promise<RaceResult> {
    return decodeRaceResult(await this.#ask('RACE', encodeRace(vcpu, race), options), race);
  }

  async putWhileRunning(
    vcpu: VcpuHandle,
    put: RunningPut,
    options?: RequestOptions,
  ): Promise<RunningPutResult> {
    const note = this.transcript.begin('PUT_WHILE_RUNNING');
    const payload = encodeRunningPut(vcpu, put);
    const answer = this.#channel.request('PUT_WHILE_RUNNING', payload, options);
    const noted = this.#noted(note, answer);
    const result = decodeRunningPutResult(await this.#turnOf('PUT_WHILE_RUNNING', noted, options));
    note(`the put came back after ${result.tookUs} us`);
    return result;
  }

  async ioctl(call: KvmIoctl, options?: RequestOptions): Promise<IoctlAnswer> {
    return decodeIoctlAnswer(await this.#ask('IOCTL', encodeIoctl(call), options), call);
  }

  async closeDevice(file: number, options?: RequestOptions): Promise<void> {
    await this.#ask('DEVICE_CLOSE', encode('deviceClose', { file }), options);
  }

  async readKernelFile(path: string, options?: RequestOptions): Promise<string> {
    return (await this.#ask('READ_FILE', Buffer.from(path), options)).toString('latin1');
  }

  async shrinkSlabs(options?: RequestOptions): Promise<void> {
    await this.#ask('SHRINK_SLABS', Buffer.alloc(0), options);
  }

  powerOff(): void {
    this.transcript.begin('POWER_OFF')('sent');
    this.#channel.send('POWER_OFF');
  }

  /** The answer to a request that runs a guest for `limitMs`, brought back by others that ask for nothing. */
  async #turnOf(
    request: RequestName,
    asked: Promise<Buffer>,
    options: RequestOptions | undefined,
    limitMs = 0,
  ): Promise<Buffer> {
    const startedAt = performance.now();
    const bringBack = async (): Promise<Buffer> => this.#ask('HELLO', Buffer.alloc(0), options);
    const { answer, nudges } = await nudged(asked, bringBack, {
      afterMs: limitMs + NUDGE_AFTER_MS,
    });
    if (nudges > 0) {
      this.lateTurns.push({ request, nudges, tookMs: Math.round(performance.now() - startedAt) });
    }
    return answer;
  }

  async #ask(request: RequestName, payload: Buffer, options?: RequestOptions): Promise<Buffer> {
    const note = this.transcript.begin(request);
    const answer = await this.#noted(note, this.#channel.request(request, payload, options));
    note(`${payload.length} bytes, answered by ${answer.length}`);
    return answer;
  }

  /** Notes why there is no answer, when there is none. */
  async #noted(note: (outcome: string) => void, answer: Promise<Buffer>): Promise<Buffer> {
    try {
      return await answer;
    } catch (error) {
      note(messageOf(error));
      throw error;
    }
  }
}

function whereText({ valueAt, argumentAt }: HostileCall): string | undefined {
  if (valueAt === 'memory' && argumentAt === 'memory') return undefined;
  return `value: ${valueAt}, argument: ${argumentAt}`;
}

/** A put is reported with what was put. */
function answered(call: NotedCall, result: HostileResult | undefined): NotedCall {
  if (result === undefined) return call;
  return {
    ...call,
    error: result.error,
    value: call.direction === 'put' ? call.value : result.value,
  };
}

/** Parses a hello's `key=value` lines. Throws `AGENT_PROTOCOL` on another version or a missing key. */
export function parseHello(payload: Buffer): AgentHello {
  const fields = new Map(
    payload
      .toString('utf8')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => {
        const at = line.indexOf('=');
        return [line.slice(0, at), line.slice(at + 1)] as const;
      }),
  );
  const field = (name: string): string => {
    const value = fields.get(name);
    if (value === undefined) {
      throw new SprmatrixError({
        code: 'AGENT_PROTOCOL',
        message: `agent: hello without "${name}"`,
      });
    }
    return value;
  };
  if (field(protocol.PROTOCOL_KEY_PROTOCOL) !== String(protocol.PROTOCOL_VERSION)) {
    throw new SprmatrixError({
      code: 'AGENT_PROTOCOL',
      message: `agent speaks protocol ${field(protocol.PROTOCOL_KEY_PROTOCOL)}, the harness ${protocol.PROTOCOL_VERSION}`,
      hint: 'run `npx sprmatrix setup`',
    });
  }
  return {
    release: field(protocol.PROTOCOL_KEY_RELEASE),
    version: field(protocol.PROTOCOL_KEY_VERSION),
    byteOrder: field(protocol.PROTOCOL_KEY_BYTE_ORDER) === 'little' ? 'little' : 'big',
    pageSize: Number(field(protocol.PROTOCOL_KEY_PAGE_SIZE)),
    uptimeMs: Number(field(protocol.PROTOCOL_KEY_UPTIME)),
  };
}
