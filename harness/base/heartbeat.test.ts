import { expect, test } from '@playwright/test';
import { withHeartbeat } from './heartbeat.js';

test('what takes long says every eight seconds that it goes on; what is quick says nothing', async () => {
  const lines: string[] = [];
  const print = (text: string): number => lines.push(text);
  expect(await withHeartbeat('quick', Promise.resolve(7), print)).toBe(7);
  const [setTimer, clearTimer, now] = [
    setInterval,
    clearInterval,
    performance.now.bind(performance),
  ];
  let tick: () => void = () => undefined;
  let clock = 0;
  const cleared: unknown[] = [];
  globalThis.setInterval = ((work: () => void, ms: number) => {
    expect(ms).toBe(8_000);
    tick = work;
    return 'timer';
  }) as unknown as typeof setInterval;
  globalThis.clearInterval = (timer: unknown): void => {
    cleared.push(timer);
  };
  performance.now = () => clock;
  try {
    const work = withHeartbeat('apt', new Promise((_, reject) => setTimeout(reject, 20)), print);
    for (const seconds of [8, 16]) {
      clock = seconds * 1000;
      tick();
    }
    expect(await work.catch((reason: unknown) => reason)).toBeUndefined();
  } finally {
    [globalThis.setInterval, globalThis.clearInterval] = [setTimer, clearTimer];
    performance.now = now;
  }
  expect([lines, cleared]).toEqual([['apt: 8 s so far', 'apt: 16 s so far'], ['timer']]);
});
