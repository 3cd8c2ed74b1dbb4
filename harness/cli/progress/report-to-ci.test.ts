import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from '@playwright/test';
import type { CellEnding } from '../../../fixtures/test-plan.js';
import { setInvocation } from '../../base/invocation.js';
import { record, row, test } from '../../record/record.fixture.js';
import { writeRecord } from '../../record/record-files.js';
import type { PlannedCell } from '../../cell/cell.js';
import { loadPlatforms } from '../../machine/platforms.js';
import { reportToCi } from './report-to-ci.js';

const [anyPlatform] = loadPlatforms();
if (anyPlatform === undefined) throw new Error('there is no platform');
const PLAN: { readonly cells: readonly PlannedCell[] } = {
  cells: [
    {
      kernel: {
        ...{ id: 'mine', line: '', version: '', variant: '' },
        source: {
          kind: 'file',
          image: '/my kernel/vmlinux',
          sha256: 'a'.repeat(64),
          given: { kernel: '/my kernel/vmlinux', modules: [] },
        },
      },
      platform: { ...anyPlatform, id: 'p9' },
      qemu: { path: 'qemu-system-ppc64', version: '7.2.22' },
    },
  ],
};

/** Cells that no baseline is of: one deviates by a standing rule, one failed, one cannot run. */
async function endings(folder: string): Promise<Map<string, CellEnding>> {
  const lost = record(
    { kernel: 'mine', platform: 'p9' },
    { LPCR: row('lost'), DSCR: row('exact') },
  );
  return new Map<string, CellEnding>([
    ['mine/p9', { recordPath: await writeRecord(folder, lost) }],
    ['mine/p8', { failure: 'QEMU ended\n  again: ```x```' }],
    ['mine/p10', { obstacle: 'needs QEMU 10' }],
  ]);
}

test.beforeEach(() => {
  setInvocation({ run: 'npx sprmatrix run', test: 'npm test --', options: [], asked: [] });
});

const LPCR =
  'LPCR on mine/p9: expected some bit to follow a put that succeeds, got success and still 0x0000000000000000 [put-lost]';

test('on GitHub a deviation and a cell without an answer are annotations of their own', async ({
  folder,
}) => {
  const lines: string[] = [];
  await reportToCi(PLAN, await endings(folder), { GITHUB_ACTIONS: 'true' }, (line) =>
    lines.push(line),
  );
  expect(lines).toEqual([
    '::error title=mine/p8%3A no answer from the kernel was judged::QEMU ended%0A  again: ```x```',
    `::error title=LPCR on mine/p9::${LPCR}%0Aagain: npm test -- '--kernel=/my kernel/vmlinux' --platform=p9 --register=LPCR`,
  ]);
});

test('the summary of a job has the report, what failed, and what was skipped', async ({
  folder,
}) => {
  const path = join(folder, 'summary.md');
  const lines: string[] = [];
  await reportToCi(PLAN, await endings(folder), { GITHUB_STEP_SUMMARY: path }, (line) =>
    lines.push(line),
  );
  expect(lines).toEqual([]);
  const text = await readFile(path, 'utf8');
  expect(text).toMatch(
    /^## sprmatrix: 1 deviation in 1 cell\n\n1 unexplained, 1 works\n\n### Deviations\n\n- LPCR on mine\/p9: /,
  );
  expect(text).toContain(`
### No answer

\`mine/p8\`

\`\`\`\`text
QEMU ended
  again: \`\`\`x\`\`\`
\`\`\`\`

### Skipped

\`\`\`text
mine/p10: needs QEMU 10
\`\`\`
`);
});

test('elsewhere, and without cells, nothing is said', async ({ folder }) => {
  const lines: string[] = [];
  const print = (line: string): number => lines.push(line);
  await reportToCi(PLAN, await endings(folder), { GITHUB_STEP_SUMMARY: '' }, print);
  await reportToCi(PLAN, new Map(), { GITHUB_ACTIONS: 'true' }, print);
  expect(lines).toEqual([]);
});

test('the outputs of a step are how many deviations and how many cells there are', async ({
  folder,
}) => {
  const path = join(folder, 'output');
  await reportToCi(
    PLAN,
    await endings(folder),
    { GITHUB_ACTIONS: 'true', GITHUB_OUTPUT: path },
    () => undefined,
  );
  expect(await readFile(path, 'utf8')).toBe('deviations=1\ncells=1\n');
});
