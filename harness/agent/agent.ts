import type { Operation } from '../sync/operation.js';
import { decodeOperations, encodeOperations } from '../sync/operation.js';
import { SprmatrixError } from '../base/error.js';
import type { AgentChannel, RequestOptions } from './agent-channel.js';
import { PROTOCOL_VERSION } from './protocol.js';

/** What a KVM host says of itself. */
export interface Hello {
  /** `uname -r`, `uname -v`. */
  readonly release: string;
  readonly version: string;
  readonly byteOrder: 'little' | 'big';
  /** Bytes. */
  readonly pageSize: number;
  /** Milliseconds from the kernel's first instant to the agent's readiness. */
  readonly uptimeMs: number;
}

/** Handles of the agent's VMs and vCPUs. */
export type VmHandle = number & { readonly kind: 'vm' };
export type VcpuHandle = number & { readonly kind: 'vcpu' };

/** KVM_CREATE_VM's type argument on book3s (arch/powerpc/kvm/book3s.c and uapi KVM_VM_PPC_*). */
export const VmType = { default: 0, HV: 1, PR: 2 } as const;

/** The requests of a running agent, typed. Every method can fail as `AgentChannel.request` does. */
export class Agent {
  readonly #channel: AgentChannel;

  constructor(channel: AgentChannel) {
    this.#channel = channel;
  }

  /**
   * Loads the KVM modules and asks for capabilities.
   * `capabilities` maps KVM_CAP_ names to their numbers; the result maps them to the answers.
   */
  async openKvm(
    capabilities: Readonly<Record<string, number>>,
    options?: RequestOptions,
  ): Promise<Record<string, number>> {
    const names = Object.keys(capabilities);
    const answer = await this.#channel.request(
      'KVM_OPEN',
      words(...Object.values(capabilities)),
      options,
    );
    return Object.fromEntries(names.map((name, index) => [name, answer.readInt32LE(index * 4)]));
  }

  async createVm(type: number, options?: RequestOptions): Promise<VmHandle> {
    return (await this.#channel.request('VM_CREATE', words(type), options)).readUInt32LE(
      0,
    ) as VmHandle;
  }

  /** Destroys a VM with its vCPUs. */
  async destroyVm(vm: VmHandle, options?: RequestOptions): Promise<void> {
    await this.#channel.request('VM_DESTROY', words(vm), options);
  }

  async createVcpu(vm: VmHandle, id: number, options?: RequestOptions): Promise<VcpuHandle> {
    return (await this.#channel.request('VCPU_CREATE', words(vm, id), options)).readUInt32LE(
      0,
    ) as VcpuHandle;
  }

  /** Makes the ONE_REG calls in order; the answer is the same list with values and errors. */
  async execute(
    vcpu: VcpuHandle,
    operations: readonly Operation[],
    options?: RequestOptions,
  ): Promise<Operation[]> {
    const payload = Buffer.concat([words(vcpu, 0), encodeOperations(operations)]);
    const executed = decodeOperations(await this.#channel.request('EXECUTE', payload, options));
    if (executed.length !== operations.length) {
      throw new SprmatrixError({
        code: 'AGENT_PROTOCOL',
        message: `agent: EXECUTE answered ${executed.length} operations to ${operations.length}`,
      });
    }
    return executed;
  }

  /** The kernel log's records since the last call, as /dev/kmsg gives them. */
  async kernelLog(options?: RequestOptions): Promise<string> {
    return (await this.#channel.request('KERNEL_LOG', Buffer.alloc(0), options)).toString('utf8');
  }

  powerOff(): void {
    this.#channel.send('POWER_OFF');
  }
}

/** Parses a hello's `key=value` lines. Throws `AGENT_PROTOCOL` on another version or a missing key. */
export function parseHello(payload: Buffer): Hello {
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
  if (field('protocol') !== String(PROTOCOL_VERSION)) {
    throw new SprmatrixError({
      code: 'AGENT_PROTOCOL',
      message: `agent speaks protocol ${field('protocol')}, the harness ${PROTOCOL_VERSION}`,
      hint: 'run `npm run build:native`',
    });
  }
  return {
    release: field('release'),
    version: field('version'),
    byteOrder: field('byte-order') === 'little' ? 'little' : 'big',
    pageSize: Number(field('page-size')),
    uptimeMs: Number(field('uptime')),
  };
}

function words(...values: number[]): Buffer {
  const buffer = Buffer.alloc(values.length * 4);
  values.forEach((value, index) => buffer.writeUInt32LE(value, index * 4));
  return buffer;
}
