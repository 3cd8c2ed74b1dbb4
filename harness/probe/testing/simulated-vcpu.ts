import { Agent } from '../../agent/agent.js';
import { AgentChannel } from '../../agent/agent-channel.js';
import type { Frame } from '../../agent/frame.js';
import { decode, encode, layoutSize } from '../../agent/layouts.js';
import { PROTOCOL_RUN_DATA, RequestType } from '../../agent/protocol.js';
import type { FakeAgent } from '../../agent/testing/fake-agent.js';
import { fakeAgent } from '../../agent/testing/fake-agent.js';
import type { Operation } from '../../sync/operation.js';
import { decodeOperations, encodeOperations } from '../../sync/operation.js';
import { findRegisterById, registerTable } from '../../sync/register-table.js';

/** How a register of a simulated vCPU behaves. What is left out is that of plain storage. */
export interface Behaviour {
  /** The value on a fresh vCPU; 0 otherwise. */
  readonly reset?: bigint;
  /** Bits that follow a put; all of them otherwise. */
  readonly writable?: bigint;
  /** Negative errno of a get, by the value that is held. */
  readonly getError?: (held: bigint) => number;
  /** Negative errno of a put, by the value that is put. */
  readonly putError?: (value: bigint) => number;
  /** Added to the value before each get. */
  readonly step?: bigint;
  /** The register whose storage this one uses. */
  readonly sameAs?: string;
  /** Where in that storage its lowest bit is. */
  readonly shift?: bigint;
  /** What a get answers, where that is not the value that is held; `stored` is what a storage has. */
  readonly answers?: (held: bigint, stored: (name: string) => bigint) => bigint;
  /** A register that gets every value put to this one. */
  readonly alsoPuts?: string;
}

export type Behaviours = Readonly<Record<string, Behaviour>>;

/** Every register of the table as plain storage. */
export const allPlain = (): Behaviours =>
  Object.fromEntries(registerTable().map(({ name }) => [name, {}]));

/**
 * A KVM host whose vCPUs have the registers of `behaviours` and answer EINVAL to all others. A guest
 * comes to its end at once and has done nothing.
 */
export interface SimulatedHost {
  readonly agent: Agent;
  /** The requests that it got, in their order. */
  readonly requests: readonly (keyof typeof RequestType)[];
  /** The sizes of the batches of operations. */
  readonly batches: readonly number[];
}

export function simulatedHost(behaviours: Behaviours): SimulatedHost {
  const requests: (keyof typeof RequestType)[] = [];
  const batches: number[] = [];
  const vcpus: Map<string, bigint>[] = [];
  const answer = (request: Frame, far: FakeAgent): void => {
    const name = nameOf(request);
    requests.push(name);
    if (name === 'EXECUTE') {
      const values = vcpus[decode('execute', request.payload).vcpu];
      if (values === undefined) throw new Error('no such vCPU');
      const operations = decodeOperations(request.payload.subarray(layoutSize('execute')));
      batches.push(operations.length);
      const executed = operations.map((operation) => execute(operation, behaviours, values));
      far.answer(request, encodeOperations(executed));
    } else if (name === 'VCPU_CREATE') {
      far.answer(request, encode('vcpuCreateAnswer', { vcpu: vcpus.push(new Map()) - 1 }));
    } else {
      far.answer(request, answerTo(name, request));
    }
  };
  return { agent: new Agent(new AgentChannel(fakeAgent(answer).stream)), requests, batches };
}

const KVM_EXIT_PAPR_HCALL = 19;

function answerTo(name: keyof typeof RequestType, { payload }: Frame): Buffer {
  if (name === 'REGS_GET') return Buffer.alloc(layoutSize('regsGetAnswer'));
  if (name === 'MEMORY_READ') return Buffer.alloc(decode('memoryRead', payload).size);
  if (name !== 'RUN') return encode('vmCreateAnswer', { vm: 0 });
  const data = Buffer.alloc(PROTOCOL_RUN_DATA);
  return encode('runAnswer', { error: 0, reason: KVM_EXIT_PAPR_HCALL, data });
}

function nameOf({ type }: Frame): keyof typeof RequestType {
  const names = Object.keys(RequestType) as (keyof typeof RequestType)[];
  const name = names.find((candidate) => RequestType[candidate] === type);
  if (name === undefined) throw new Error(`no request ${type}`);
  return name;
}

const EINVAL = -22;

function execute(
  operation: Operation,
  behaviours: Behaviours,
  values: Map<string, bigint>,
): Operation {
  const { id, direction, value } = operation;
  const register = findRegisterById(id);
  const behaviour = behaviours[register?.name ?? ''];
  // As libsprsync does it: a get that is refused answers zero.
  const refused = (error: number): Operation => ({
    ...operation,
    error,
    value: direction === 'get' ? 0n : value,
  });
  if (register === undefined || behaviour === undefined) return refused(EINVAL);
  const { reset = 0n, writable = ~0n, getError, putError, step = 0n } = behaviour;
  const { sameAs = register.name, shift = 0n, answers = (value: bigint) => value } = behaviour;
  const bits = register.sizeBytes * 8;
  const whole = values.get(sameAs) ?? reset << shift;
  const held = BigInt.asUintN(bits, whole >> shift);
  const error = direction === 'get' ? getError?.(held) : putError?.(value);
  if (error !== undefined && error !== 0) return refused(error);
  const next = direction === 'get' ? held + step : (held & ~writable) | (value & writable);
  const now = BigInt.asUintN(bits, next);
  values.set(sameAs, (whole & ~(BigInt.asUintN(bits, ~0n) << shift)) | (now << shift));
  if (direction === 'put' && behaviour.alsoPuts !== undefined)
    values.set(behaviour.alsoPuts, value);
  const answer = (): bigint =>
    BigInt.asUintN(
      bits,
      answers(now, (name) => values.get(name) ?? 0n),
    );
  return { ...operation, error: 0, value: direction === 'get' ? answer() : value };
}
