import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from '@playwright/test';
import type { WorkClock } from './deadline.js';
import { withinDeadline } from './deadline.js';
import { rejectionOf } from './testing/errors.js';

const never = new Promise<string>(() => undefined);
const phase = { name: "agent's hello", budgetMs: 20 };
/** So long that a test that waits for it has failed. */
const patient = { name: "agent's hello", budgetMs: 3_600_000 };

test('work within its budget settles as it does by itself', async () => {
  expect(await withinDeadline(Promise.resolve('answer'), patient)).toBe('answer');
  await expect(withinDeadline(Promise.reject(new Error('refused')), patient)).rejects.toThrow(
    'refused',
  );
});

test('an overrun names the phase, the budget and the last event', async () => {
  const error = await rejectionOf(
    withinDeadline(never, phase, { lastEvent: () => 'sent HELLO (0 bytes)' }),
  );
  expect([error.code, error.kind]).toEqual(['DEADLINE', 'harness']);
  expect(error.message).toBe(
    "agent's hello: no answer within 20 ms (last event: sent HELLO (0 bytes))",
  );
});

test('an overrun without a last event names phase and budget', async () => {
  const error = await rejectionOf(withinDeadline(never, phase));
  expect(error.message).toBe("agent's hello: no answer within 20 ms");
});

test('the last event is asked for when the budget has run out, not before', async () => {
  let last = 'at the start';
  const waiting = withinDeadline(never, phase, { lastEvent: () => last });
  last = 'later';
  expect((await rejectionOf(waiting)).message).toContain('(last event: later)');
});

test('an abort ends the wait and names the phase', async () => {
  const controller = new AbortController();
  const waiting = withinDeadline(never, patient, { signal: controller.signal });
  controller.abort();
  const error = await rejectionOf(waiting);
  expect([error.code, error.message]).toEqual(['ABORTED', "agent's hello: interrupted"]);
});

test('a signal that has fired already ends the wait at once', async () => {
  const waiting = withinDeadline(never, patient, { signal: AbortSignal.abort() });
  expect((await rejectionOf(waiting)).code).toBe('ABORTED');
});

test('work that fails after its deadline does not upset the process', async () => {
  let fail: (error: Error) => void = () => undefined;
  const work = new Promise<never>((_, reject) => (fail = reject));
  const unhandled: unknown[] = [];
  const note = (reason: unknown): void => void unhandled.push(reason);
  process.on('unhandledRejection', note);
  try {
    await rejectionOf(withinDeadline(work, phase));
    fail(new Error('too late'));
    await new Promise((resolve) => setImmediate(resolve));
    expect(unhandled).toEqual([]);
  } finally {
    process.off('unhandledRejection', note);
  }
});

/** A clock of a worker that is kept from working for `share` of the time. */
function clockOf(share: number): WorkClock {
  const startedAt = performance.now();
  return {
    deniedMs: () => share * (performance.now() - startedAt),
    whyDenied: () => 'load 14.2 on 2 processors',
  };
}

test('time for which the worker had no processor is no part of its budget', async () => {
  const startedAt = performance.now();
  const error = await rejectionOf(withinDeadline(never, phase, { clock: clockOf(0.75) }));
  expect(error.code).toBe('DEADLINE');
  expect(error.message).toMatch(
    /^agent's hello: no answer within 20 ms of work \(and \d+ ms without a processor\)$/,
  );
  expect(performance.now() - startedAt).toBeGreaterThanOrEqual(75);
});

test('a worker that works all the time has its budget and no more', async () => {
  const error = await rejectionOf(withinDeadline(never, phase, { clock: clockOf(0) }));
  expect(error.message).toBe("agent's hello: no answer within 20 ms");
});

test('a worker that gets no processor for ten budgets is starved, which says for how long and why', async () => {
  const error = await rejectionOf(withinDeadline(never, phase, { clock: clockOf(1) }));
  expect([error.code, error.kind]).toEqual(['STARVED', 'harness']);
  expect(error.message).toMatch(
    /^agent's hello: no answer within \d+ ms, for \d+ of which the emulator had no processor \(load 14\.2 on 2 processors\)$/,
  );
  expect(error.hint).toBe('run it again when this machine has less to do, or with --jobs=1');
});

test('many phases at once that one signal ends are no leak to warn of', async () => {
  const warnings: string[] = [];
  const note = ({ message }: Error): void => void warnings.push(message);
  process.on('warning', note);
  const { signal } = new AbortController();
  await Promise.all(
    Array.from({ length: 20 }, async () => withinDeadline(delay(10), patient, { signal })),
  );
  process.off('warning', note);
  expect(warnings).toEqual([]);
});
