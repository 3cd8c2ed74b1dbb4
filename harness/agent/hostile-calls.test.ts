import { expect, test } from '@playwright/test';
import { errorOf } from '../base/testing/errors.js';
import type { HostileCall } from './hostile-calls.js';
import {
  decodeRaceResult,
  decodeResults,
  decodeRunningPutResult,
  encodeCalls,
  encodeRace,
  encodeRunningPut,
} from './hostile-calls.js';
import type { VcpuHandle } from './kvm-host.js';

const vcpu = 5 as VcpuHandle;
const call: HostileCall = {
  ...{ id: 0x1040_0000_0000_0040n, direction: 'put', value: (1n << 127n) | 2n },
  ...{ valueAt: 'two-pages', argumentAt: 'kernel' },
};

test('a call is 32 bytes behind the vCPU and the file', () => {
  const payload = encodeCalls(vcpu, 'vm', [{ ...call, direction: 'get' }, call]);
  expect([payload.length, payload.readUInt32LE(0), payload.readUInt32LE(4)]).toEqual([72, 5, 2]);
  const second = payload.subarray(40);
  expect(second.readBigUInt64LE(0)).toBe(call.id);
  expect([second.readBigUInt64LE(8), second.readBigUInt64LE(16)]).toEqual([2n, 1n << 63n]);
  expect([...second.subarray(24)]).toEqual([1, 2, 7, 0, 0, 0, 0, 0]);
  expect(payload.subarray(8)[24]).toBe(0);
});

test('a result has an errno, how far was written, and a value in the size of the id', () => {
  const answer = Buffer.alloc(48);
  answer.writeUInt32LE(22, 0);
  answer.writeUInt32LE(8, 28);
  answer.writeBigUInt64LE(7n, 32);
  answer.writeBigUInt64LE(1n, 40);
  const narrow = { ...call, id: 0x1030_0000_0000_000cn };
  expect(decodeResults(answer, [call, call])).toEqual([
    { error: -22, extent: 0, value: 0n },
    { error: 0, extent: 8, value: (1n << 64n) | 7n },
  ]);
  expect(decodeResults(answer, [call, narrow])[1]?.value).toBe(7n);
});

test('an answer of another size is an error', () => {
  const error = errorOf(() => decodeResults(Buffer.alloc(24), [call, call]));
  expect([error.code, error.message]).toEqual([
    'AGENT_PROTOCOL',
    'agent: HOSTILE_CALLS answered 24 bytes, not 48',
  ]);
  expect(errorOf(() => decodeRunningPutResult(Buffer.alloc(23))).message).toBe(
    'agent: PUT_WHILE_RUNNING answered 23 bytes, not 32',
  );
});

test('a race is two values and how often; its answer counts whole and torn gets', () => {
  const race = { id: call.id, values: [1n, 2n], rounds: 250 } as const;
  const payload = encodeRace(vcpu, race);
  expect([payload.length, payload.readUInt32LE(4), payload.readUInt8(16)]).toEqual([48, 250, 1]);
  expect(payload.readUInt8(32)).toBe(2);
  const answer = Buffer.alloc(40);
  [0, 16, 100, 49, 1].forEach((value, index) => answer.writeUInt32LE(value, index * 4));
  answer.writeUInt8(9, 24);
  expect(decodeRaceResult(answer, race)).toEqual({
    ...{ putError: 0, getError: -16, whole: 149, torn: 1, tornValue: 9n },
  });
});

test('a put into a running vCPU says where the guest counts and when to give up', () => {
  const put = { id: 0x1030_0000_0000_000cn, value: 3n, counter: 0x20_0000n, limitMs: 2000 };
  const payload = encodeRunningPut(vcpu, put);
  expect([payload.length, payload.readUInt32LE(4)]).toEqual([40, 2000]);
  expect([payload.readBigUInt64LE(8), payload.readBigUInt64LE(24)]).toEqual([0x20_0000n, 3n]);
  const answer = Buffer.alloc(32);
  answer.writeUInt32LE(4, 0);
  answer.writeUInt32LE(62, 8);
  answer.writeUInt32LE(1500, 16);
  answer.writeBigUInt64LE((1n << 0n) | (1n << 14n) | (1n << 63n), 24);
  expect(decodeRunningPutResult(answer)).toEqual({
    ...{ runErrno: 4, reason: 0, putError: -62, tookUs: 1500 },
    changed: ['FPSCR', 'FPR14', 'VR31'],
  });
});
