import { setImmediate } from 'node:timers/promises';
import { expect, test } from '@playwright/test';
import type { KernelEntry } from '../../kernels/kernel-entry.js';
import { loadPlatforms } from '../../machine/platforms.js';
import { RunProgress } from './progress.js';
import { RemainingTime } from '../../cell/time/remaining-time.js';
import { nameOfCell } from '../../cell/cell.js';

const kernel: KernelEntry = {
  ...{ id: 'debian-6.1', line: '6.1', version: '6.1.176', variant: '' },
  source: { kind: 'debian', suite: 'bookworm', packages: [], older: [] },
};
const cells = loadPlatforms()
  .slice(0, 3)
  .map((platform) => ({ kernel, platform }));
const [first, second, third] = cells;

test('a plain line of each cell that ended says what is done, running and left', async () => {
  if (first === undefined || second === undefined || third === undefined) throw new Error('cells');
  const lines: string[] = [];
  const expected = new Map(cells.map((cell) => [nameOfCell(cell), 3000]));
  const { events } = new RunProgress(cells, false, new RemainingTime(expected, 1), (text) =>
    lines.push(text),
  );
  events.cellStarted?.(first);
  events.cellEnded?.({ cell: first, obstacle: 'no such KVM' }, 0);
  events.cellStarted?.(second);
  await setImmediate();
  events.cellEnded?.({ cell: second, error: new Error('QEMU ended') }, 3000);
  events.cellStarted?.(third);
  await setImmediate();
  events.cellEnded?.({ cell: third, done: '12 guests restored' }, 3000);
  const [a, b, c] = cells.map(nameOfCell);
  expect(lines.map((line) => line.replace(/[0-9.]+ s so far/, 'N s so far'))).toEqual([
    `${a ?? ''}: skipped in 0.0 s; 1 of 3 cells done, 1 running, 1 left, about 6 s to go (N s so far)`,
    `${b ?? ''}: FAILED in 3.0 s; 2 of 3 cells done, 1 running, 0 left, about 3 s to go (N s so far)`,
    `${c ?? ''}: 12 guests restored in 3.0 s; 3 of 3 cells done (N s so far)`,
  ]);
});

test('elsewhere than on a terminal a silent run says what goes on before ten seconds are over', () => {
  if (first === undefined) throw new Error('cells');
  const lines: string[] = [];
  const [setTimer, now] = [setInterval, performance.now.bind(performance)];
  let clock = 0;
  let tick: () => void = () => undefined;
  globalThis.setInterval = ((work: () => void) => {
    tick = work;
    return { unref: () => undefined };
  }) as unknown as typeof setInterval;
  performance.now = () => clock;
  /** Lets a second pass, and another, up to `seconds`. */
  const passUntil = (seconds: number): void => {
    while (clock < seconds * 1000) {
      clock += 1000;
      tick();
    }
  };
  try {
    const { events } = new RunProgress([first], false, undefined, (text) =>
      lines.push(`${clock / 1000} s: ${text}`),
    );
    events.cellStarted?.(first);
    events.kernelProgress?.(kernel, 'debian-6.1: unpacking');
    passUntil(20);
    // A machine boots: the kernel's files are there.
    events.cellPhase?.(first, 'boot');
    passUntil(30);
  } finally {
    globalThis.setInterval = setTimer;
    performance.now = now;
  }
  const counts = '0 of 1 cell done, 1 running, 0 left';
  expect(lines).toEqual([
    `8 s: debian-6.1: unpacking; ${counts}`,
    `16 s: debian-6.1: unpacking; ${counts}`,
    `24 s: ${counts}`,
  ]);
});
