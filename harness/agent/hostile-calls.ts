import { SprmatrixError } from '../base/error.js';
import { sizeOfId } from '../sync/register-table.js';
import type { VcpuHandle } from './handles.js';
import { decode, encode, layoutSize } from './layouts.js';
import * as protocol from './protocol.js';

/**
 * Where a pointer of a call points: to memory (aligned, at an odd address, across two pages), with its
 * second half behind the last page, to none, to a page that is read only, to NULL, to the kernel; so that its end
 * is the page's; to memory that is filled with other bytes before the call.
 */
export const POINTER_PLACES = {
  memory: protocol.PROTOCOL_AT_MEMORY,
  misaligned: protocol.PROTOCOL_AT_MISALIGNED,
  'two-pages': protocol.PROTOCOL_AT_TWO_PAGES,
  'last-page': protocol.PROTOCOL_AT_LAST_PAGE,
  unmapped: protocol.PROTOCOL_AT_UNMAPPED,
  'read-only': protocol.PROTOCOL_AT_READ_ONLY,
  null: protocol.PROTOCOL_AT_NULL,
  kernel: protocol.PROTOCOL_AT_KERNEL,
  edge: protocol.PROTOCOL_AT_EDGE,
  'other-fill': protocol.PROTOCOL_AT_OTHER_FILL,
} as const;
export type PointerPlace = keyof typeof POINTER_PLACES;

/** The file that a call is made on: the vCPU's, one that is closed, the VM's. */
export const CALL_FILES = {
  vcpu: protocol.PROTOCOL_FILE_VCPU,
  closed: protocol.PROTOCOL_FILE_CLOSED,
  vm: protocol.PROTOCOL_FILE_VM,
} as const;
export type CallFile = keyof typeof CALL_FILES;

/** A KVM_GET_ONE_REG or KVM_SET_ONE_REG with any id, from and to any address. */
export interface HostileCall {
  readonly id: bigint;
  readonly direction: 'get' | 'put';
  /** What is put: the first 16 bytes of it, where the id's size is larger. */
  readonly value: bigint;
  /** Where the value is. */
  readonly valueAt: PointerPlace;
  /** Where the struct kvm_one_reg is. */
  readonly argumentAt: PointerPlace;
}

/** What came of a call. */
export interface HostileResult {
  /** 0, or a negative errno. */
  readonly error: number;
  /** How far behind the value's address the kernel wrote; bytes, `PROTOCOL_WINDOW` at most. */
  readonly extent: number;
  /** What a get that succeeded wrote, in the id's size. */
  readonly value: bigint;
}

/** One thread puts `values` in turn, another gets, `rounds` times each. */
export interface Race {
  readonly id: bigint;
  readonly values: readonly [bigint, bigint];
  readonly rounds: number;
}

export interface RaceResult {
  /** The first errno of a put, of a get; negative, or 0. */
  readonly putError: number;
  readonly getError: number;
  /** How many gets answered with one of `values`. */
  readonly whole: number;
  /** How many with neither, and the first such value. */
  readonly torn: number;
  readonly tornValue: bigint;
}

/** A put that another thread makes while the vCPU runs a guest that changes the doubleword at `counter`. */
export interface RunningPut {
  readonly id: bigint;
  readonly value: bigint;
  /** A guest address, a multiple of 8. */
  readonly counter: bigint;
  readonly limitMs: number;
}

export interface RunningPutResult {
  /** KVM_RUN's errno (positive), or 0; EINTR is the expected one: the put's thread ends the run. */
  readonly runErrno: number;
  readonly reason: number;
  /** 0, or a negative errno; -ETIME: the guest never changed its counter. */
  readonly putError: number;
  readonly tookUs: number;
  /** Registers of the thread that called KVM_RUN which it did not keep: `FPR14`, `VR20`, `FPSCR`. */
  readonly changed: readonly string[];
}

/** The request's payload; see `PROTOCOL_HOSTILE_CALLS`. */
export function encodeCalls(
  vcpu: VcpuHandle,
  file: CallFile,
  calls: readonly HostileCall[],
): Buffer {
  return Buffer.concat([
    encode('hostileCalls', { vcpu, file: CALL_FILES[file] }),
    ...calls.map(({ id, direction, value, valueAt, argumentAt }) =>
      encode('hostileCallsEach', {
        ...{ id, value, isPut: direction === 'put' ? 1 : 0 },
        valueAt: POINTER_PLACES[valueAt],
        argumentAt: POINTER_PLACES[argumentAt],
      }),
    ),
  ]);
}

/** The answer to `calls`. Throws `AGENT_PROTOCOL` when it is not one result for each. */
export function decodeResults(answer: Buffer, calls: readonly HostileCall[]): HostileResult[] {
  const size = layoutSize('hostileCallsAnswerEach');
  requireSize('HOSTILE_CALLS', answer, calls.length * size);
  return calls.map(({ id }, index) => {
    const { error, extent, value } = decode('hostileCallsAnswerEach', answer, index * size);
    return { error: negative(error), extent, value: ofSize(value, id) };
  });
}

/** The request's payload; see `PROTOCOL_RACE`. */
export function encodeRace(vcpu: VcpuHandle, { id, values, rounds }: Race): Buffer {
  return encode('race', { vcpu, rounds, id, one: values[0], other: values[1] });
}

/** Throws `AGENT_PROTOCOL` for an answer of another size. */
export function decodeRaceResult(answer: Buffer, { id }: Race): RaceResult {
  requireSize('RACE', answer, layoutSize('raceAnswer'));
  const { putError, getError, one, other, neither, torn } = decode('raceAnswer', answer);
  return {
    putError: negative(putError),
    getError: negative(getError),
    whole: one + other,
    torn: neither,
    tornValue: ofSize(torn, id),
  };
}

/** The request's payload; see `PROTOCOL_PUT_WHILE_RUNNING`. */
export function encodeRunningPut(
  vcpu: VcpuHandle,
  { id, value, counter, limitMs }: RunningPut,
): Buffer {
  return encode('putWhileRunning', { vcpu, limitMs, address: counter, id, value });
}

/** Throws `AGENT_PROTOCOL` for an answer of another size. */
export function decodeRunningPutResult(answer: Buffer): RunningPutResult {
  requireSize('PUT_WHILE_RUNNING', answer, layoutSize('putWhileRunningAnswer'));
  const came = decode('putWhileRunningAnswer', answer);
  return {
    runErrno: came.runError,
    reason: came.reason,
    putError: negative(came.putError),
    tookUs: Number(came.tookUs),
    changed: changedRegisters(came.changed),
  };
}

/** The names of `PROTOCOL_CHANGED_*` bits. */
function changedRegisters(bits: bigint): string[] {
  return Array.from({ length: 64 }, (_, bit) => bit)
    .filter((bit) => ((bits >> BigInt(bit)) & 1n) === 1n)
    .map((bit) => {
      if (bit === protocol.PROTOCOL_CHANGED_FPSCR) return 'FPSCR';
      if (bit === protocol.PROTOCOL_CHANGED_VSCR) return 'VSCR';
      const vr = bit - protocol.PROTOCOL_CHANGED_VR20;
      return vr < 0 ? `FPR${14 + bit - protocol.PROTOCOL_CHANGED_FPR14}` : `VR${20 + vr}`;
    });
}

/** The agent's errnos are positive, those of operations negative; there is no -0. */
function negative(errno: number): number {
  return errno === 0 ? 0 : -errno;
}

/** Of a value that is narrower than the field, no more than it has. */
function ofSize(value: bigint, id: bigint): bigint {
  return sizeOfId(id) > 8 ? value : BigInt.asUintN(64, value);
}

function requireSize(request: string, answer: Buffer, size: number): void {
  if (answer.length === size) return;
  throw new SprmatrixError({
    code: 'AGENT_PROTOCOL',
    message: `agent: ${request} answered ${answer.length} bytes, not ${size}`,
  });
}
