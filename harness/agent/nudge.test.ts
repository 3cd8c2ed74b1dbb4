import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from '@playwright/test';
import { nudged } from './nudge.js';

const soon = { afterMs: 5, everyMs: 5 };

test('an answer that is in time needs no other request', async () => {
  let nudges = 0;
  const nudge = async (): Promise<number> => Promise.resolve((nudges += 1));
  const result = await nudged(Promise.resolve('answer'), nudge, soon);
  expect(result).toEqual({ answer: 'answer', nudges: 0 });
  await delay(20);
  expect(nudges).toBe(0);
});

test('a guest that goes on too long is brought back by another request, which is answered first', async () => {
  const events: string[] = [];
  let bringBack: (answer: string) => void = () => undefined;
  const answer = new Promise<string>((resolve) => (bringBack = resolve));
  const nudge = async (): Promise<void> => {
    events.push('nudge');
    bringBack('late answer');
    await delay(10);
    events.push('answered');
  };
  expect(await nudged(answer, nudge, { ...soon, everyMs: 60_000 })).toEqual({
    answer: 'late answer',
    nudges: 1,
  });
  expect(events).toEqual(['nudge', 'answered']);
});

test('a guest that one request does not bring back is sent others, until the answer is there', async () => {
  let nudges = 0;
  let bringBack: (answer: string) => void = () => undefined;
  const answer = new Promise<string>((resolve) => (bringBack = resolve));
  const nudge = async (): Promise<void> => {
    nudges += 1;
    if (nudges === 4) bringBack('late answer');
    return Promise.resolve();
  };
  expect(await nudged(answer, nudge, soon)).toEqual({ answer: 'late answer', nudges: 4 });
  await delay(30);
  expect(nudges).toBe(4);
});

test('of a machine that died its death is reported, whatever becomes of the nudges', async () => {
  const died = (async (): Promise<never> => {
    await delay(20);
    throw new Error('QEMU ended');
  })();
  const nudge = async (): Promise<never> => Promise.reject(new Error('QEMU ended'));
  await expect(nudged(died, nudge, soon)).rejects.toThrow('QEMU ended');
});
