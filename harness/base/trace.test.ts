import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { onTrack, span, startTrace, traced, writeTrace } from './trace.js';

test('spans are on the track and in the lane of whoever began them, as Chrome reads them', async () => {
  // Before a trace begins nothing is kept.
  span('phase', 'earlier')();
  startTrace();
  const cell = async (name: string): Promise<void> =>
    onTrack(name, async () => {
      const end = span('agent', 'EXECUTE', { operations: 2 });
      await traced('phase', 'registers', async () => Promise.resolve());
      end();
    });
  await Promise.all([cell('a/x'), cell('b/y')]);
  span('phase', 'select')();
  const folder = await mkdtemp(join(tmpdir(), 'sprmatrix-trace-'));
  const path = join(folder, 'trace.json');
  await writeTrace(path);
  const { traceEvents } = JSON.parse(await readFile(path, 'utf8')) as {
    traceEvents: Record<string, unknown>[];
  };
  await rm(folder, { recursive: true });
  const names = traceEvents.filter(({ ph }) => ph === 'M').map(({ args }) => args);
  expect(names).toEqual(
    ['run', 'phase', 'agent', 'a/x', 'phase', 'agent', 'b/y', 'phase', 'agent'].map((name) => ({
      name,
    })),
  );
  const spans = traceEvents.filter(({ ph }) => ph === 'X');
  expect(spans.map(({ name, pid, tid }) => [name, pid, tid])).toEqual([
    ['start', 0, 0],
    ['registers', 1, 0],
    ['registers', 2, 0],
    ['EXECUTE', 1, 1],
    ['EXECUTE', 2, 1],
    ['select', 0, 0],
  ]);
  expect(spans[0]).toMatchObject({ ts: 0 });
  expect(spans[3]).toMatchObject({ args: { operations: 2 }, ts: expect.any(Number) });
});
