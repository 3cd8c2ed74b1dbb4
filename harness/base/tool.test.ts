import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { runPipe, runTool } from './tool.js';
import { rejectionOf } from './testing/errors.js';
import { temporaryFolder } from './testing/temporary-folder.js';

const sh = (script: string, options = {}): Promise<string> =>
  runTool('sh', ['-c', script], options);

test('a tool answers with its standard output', async () => {
  expect(await sh('echo out; echo err >&2')).toBe('out');
});

test('a tool gets its folder, its environment and its standard input', async () => {
  await using folder = await temporaryFolder();
  const options = { cwd: folder.path, env: { COLOUR: 'red' }, input: 'given' };
  expect(await sh('pwd; echo $COLOUR $LC_ALL; cat', options)).toBe(
    `${folder.path}\nred C.UTF-8\ngiven`,
  );
});

test('a tool that is given no input reads an empty one', async () => {
  expect(await sh('cat; echo end')).toBe('end');
});

test('every line is reported as it comes', async () => {
  const lines: string[] = [];
  await sh('echo one; printf two', { onLine: (line: string) => lines.push(line) });
  expect(lines).toEqual(['one', 'two']);
});

test('a missing program is reported with where to get it', async () => {
  const error = await rejectionOf(runTool('/nowhere/kmod', [], { hint: 'apt-get install kmod' }));
  expect([error.code, error.message, error.hint]).toEqual([
    'TOOL_MISSING',
    '/nowhere/kmod: no such program',
    'apt-get install kmod',
  ]);
  expect((await rejectionOf(runTool('/nowhere/kmod', []))).hint).toBe('run `npm run setup`');
});

test('a missing folder is not mistaken for a missing program', async () => {
  const error = await rejectionOf(runTool('true', [], { cwd: '/nowhere' }));
  expect([error.code, error.message]).toEqual([
    'TOOL_FAILED',
    'true failed (no folder /nowhere): true',
  ]);
});

test('a file that is no program is reported with the reason', async () => {
  const error = await rejectionOf(runTool('/etc/passwd', []));
  expect([error.code, error.message]).toEqual([
    'TOOL_FAILED',
    '/etc/passwd failed (EACCES): /etc/passwd',
  ]);
});

test('a tool that fails is reported with its exit code and its last 15 lines', async () => {
  const error = await rejectionOf(sh('seq 1 20; echo why >&2; exit 3', { hint: 'look there' }));
  expect([error.code, error.message, error.hint]).toEqual([
    'TOOL_FAILED',
    "sh failed (exit 3): sh -c 'seq 1 20; echo why >&2; exit 3'",
    'look there',
  ]);
  const lines = Array.from({ length: 14 }, (_, index) => String(index + 7));
  expect(error.evidence).toEqual([...lines, 'why']);
});

test('a tool that is killed is reported with the signal', async () => {
  const error = await rejectionOf(sh('kill -9 $$'));
  expect([error.message, error.evidence]).toEqual(["sh failed (SIGKILL): sh -c 'kill -9 $$'", []]);
});

for (const how of ['while it is silent', 'while its lines are read']) {
  test(`an abort ends a tool ${how}`, async () => {
    const controller = new AbortController();
    const options =
      how === 'while it is silent'
        ? { signal: controller.signal }
        : {
            signal: controller.signal,
            onLine: () => {
              controller.abort();
            },
          };
    const running = sh('echo up; exec sleep 600', options);
    if (!('onLine' in options)) controller.abort();
    const error = await rejectionOf(running);
    expect([error.code, error.message]).toEqual([
      'ABORTED',
      "sh -c 'echo up; exec sleep 600': interrupted",
    ]);
  });
}

test('a pipe answers with the output of its second program', async () => {
  expect(await runPipe(['printf', ['b\\na\\n']], ['sort', []])).toBe('a\nb');
});

test('a pipe tells which of its two programs failed, and what that one said', async () => {
  const fails: [string, string[]] = ['sh', ['-c', 'cat; echo why >&2; exit 2']];
  const first = await rejectionOf(runPipe(fails, ['cat', []]));
  const second = await rejectionOf(runPipe(['true', []], fails));
  for (const error of [first, second]) {
    expect([error.code, error.message, error.evidence]).toEqual([
      'TOOL_FAILED',
      "sh failed (exit 2): sh -c 'cat; echo why >&2; exit 2'",
      ['why'],
    ]);
  }
});

test('a pipe into a missing program names that program', async () => {
  await using folder = await temporaryFolder();
  const missing = join(folder.path, 'tar');
  const error = await rejectionOf(runPipe(['true', []], [missing, []]));
  expect([error.code, error.message]).toEqual(['TOOL_MISSING', `${missing}: no such program`]);
});
