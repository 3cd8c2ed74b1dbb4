import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from '@playwright/test';
import { nudged } from './nudge.js';

test('an answer that is in time needs no other request', async () => {
  let nudges = 0;
  const nudge = async (): Promise<number> => Promise.resolve((nudges += 1));
  expect(await nudged(Promise.resolve('answer'), nudge, 5)).toBe('answer');
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
  expect(await nudged(answer, nudge, 5)).toBe('late answer');
  expect(events).toEqual(['nudge', 'answered']);
});

test('a machine that died is told as such, whatever becomes of the nudge', async () => {
  const died = (async (): Promise<never> => {
    await delay(20);
    throw new Error('QEMU ended');
  })();
  const nudge = async (): Promise<never> => Promise.reject(new Error('QEMU ended'));
  await expect(nudged(died, nudge, 5)).rejects.toThrow('QEMU ended');
});
