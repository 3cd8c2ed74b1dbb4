import { expect, test } from '@playwright/test';
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
