import { expect, test } from '@playwright/test';
import { registerNamed } from '../../sync/register-table.js';
import { readAnswer, writeAnswer } from './guest-answers.js';
import { SENTINEL } from './guest-step.js';
import type { StepAnswer } from './guest-run.js';

const DSCR = registerNamed('DSCR');
const done = (value: bigint): StepAnswer => ({ outcome: 'done', value });
const trapped: StepAnswer = { outcome: 'trapped', vector: 0xf60 };
const hung: StepAnswer = { outcome: 'stopped', why: 'the guest hung' };

const read = { register: DSCR, read: done(5n), kvm: 5n, counts: false };
const write = {
  register: DSCR,
  readBefore: done(0n),
  write: done(0n),
  readAfter: done(5n),
  value: 5n,
  kvm: 5n,
};

test('a guest that reads what ONE_REG gets agrees', () => {
  expect(readAnswer(read)).toEqual({ answer: 'agrees' });
});

test('a guest that reads another value differs, with both values and the bits', () => {
  expect(readAnswer({ ...read, read: done(6n) })).toEqual({
    answer: 'differs',
    kvm: '0x0000000000000005',
    guest: '0x0000000000000006',
    mask: '0x0000000000000003',
  });
});

test('a key of the host’s that a guest reads is no part of the record, and zero is', () => {
  const key = { ...read, isSecret: true };
  expect(readAnswer({ ...key, read: done(6n) })).toEqual({
    answer: 'differs',
    kvm: '0x0000000000000005',
  });
  expect(readAnswer({ ...key, read: done(0n) })).toMatchObject({ guest: '0x0000000000000000' });
  expect(readAnswer(key)).toEqual({ answer: 'agrees' });
});

test('of a 32-bit register the guest’s upper half is no difference', () => {
  const narrow = { ...read, register: registerNamed('DSISR') };
  expect(readAnswer({ ...narrow, read: done(0xffff_0000_0000_0005n) })).toEqual({
    answer: 'agrees',
  });
});

test('bits that interrupts of the guest change are not compared', () => {
  expect(readAnswer({ ...read, read: done(0x25n), moves: 0xf0n })).toEqual({ answer: 'agrees' });
  expect(readAnswer({ ...read, read: done(0x24n), moves: 0xf0n })).toMatchObject({
    answer: 'differs',
  });
});

test('a counter agrees when it went on from what ONE_REG got, also past its end', () => {
  const counter = { ...read, counts: true };
  expect(readAnswer({ ...counter, read: done(1005n) })).toEqual({ answer: 'agrees' });
  const end = { ...counter, kvm: 0xffff_ffff_ffff_fff0n, read: done(0x10n) };
  expect(readAnswer(end)).toEqual({ answer: 'agrees' });
});

test('a counter that stands somewhere else differs, without the values, which no other run has', () => {
  for (const value of [4n, 5n + (1n << 36n)]) {
    expect(readAnswer({ ...read, counts: true, read: done(value) })).toEqual({ answer: 'differs' });
  }
});

test('an access that the guest could not make is reported with its vector or its reason', () => {
  expect(readAnswer({ ...read, read: trapped })).toEqual({ answer: 'traps', vector: '0xf60' });
  expect(readAnswer({ ...read, read: hung })).toEqual({
    answer: 'untested',
    why: 'the guest hung',
  });
  expect(writeAnswer({ ...write, write: trapped })).toEqual({ answer: 'traps', vector: '0xf60' });
  expect(writeAnswer({ ...write, readAfter: hung })).toEqual({
    answer: 'untested',
    why: 'the guest cannot read what it wrote',
  });
});

test('a read that leaves the sentinel is one that the processor ignores', () => {
  expect(readAnswer({ ...read, read: done(SENTINEL) })).toEqual({
    answer: 'not-accessible',
    why: 'the processor ignores a read of it',
  });
});

test('a write after which ONE_REG gets what the guest reads agrees, whatever bits stayed', () => {
  expect(writeAnswer(write)).toEqual({ answer: 'agrees' });
  expect(writeAnswer({ ...write, value: 0xf5n })).toEqual({ answer: 'agrees' });
});

test('a write of which ONE_REG does not get what the guest reads differs', () => {
  expect(writeAnswer({ ...write, kvm: 0n })).toEqual({
    answer: 'differs',
    kvm: '0x0000000000000000',
    guest: '0x0000000000000005',
    mask: '0x0000000000000005',
  });
});

test('a write that moves nothing is one that the processor ignores, unless it was of the old value', () => {
  const ignored = { ...write, readBefore: done(7n), readAfter: done(7n), kvm: 7n };
  expect(writeAnswer(ignored)).toEqual({
    answer: 'not-accessible',
    why: 'the processor ignores a write to it',
  });
  expect(writeAnswer({ ...ignored, value: 7n })).toEqual({ answer: 'agrees' });
});

test('what ONE_REG does not get is untested', () => {
  const untested = { answer: 'untested', why: 'ONE_REG does not get it' };
  expect(readAnswer({ ...read, kvm: undefined })).toEqual(untested);
  expect(writeAnswer({ ...write, kvm: undefined })).toEqual(untested);
});
