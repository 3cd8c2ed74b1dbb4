import { Command } from 'commander';
import { expect, test } from '@playwright/test';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { repositoryPath } from '../base/paths.js';
import { runTool } from '../base/tool.js';
import { resolveSelection } from '../cell/selection.js';
import { buildEntries } from '../kernels/kernel-builds.js';
import type { KernelEntry } from '../kernels/kernel-entry.js';
import { selectKernels } from '../kernels/select-kernels.js';
import { loadHardware, loadPlatforms, selectPlatforms } from '../machine/platforms.js';
import { readBaselines } from '../judge/baseline.js';
import { againCommand, migrateAgain } from '../record/again-command.js';
import type { CellRecord } from '../record/cell-record.js';
import { cellName } from '../record/cell-name.js';
import { record, row } from '../record/record.fixture.js';
import { kernelVersion } from '../record/kernel-version.js';
import { loadFeed } from '../../reports/load-feed.js';
import { writeJunit } from '../../reports/junit.js';
import { writeKtap } from '../../reports/ktap.js';
import { addTestOptions } from './options/test-options.js';
import { writeMarkdown } from '../../reports/markdown/markdown.js';

interface Parsed {
  readonly kernel: readonly string[];
  readonly platform: readonly string[];
  readonly register: readonly string[];
  readonly cell: readonly string[];
  readonly git?: string;
}

/** What the CLI makes of a line's words, as a shell splits them. */
async function parse(line: string): Promise<Parsed> {
  const words = line.replace(/^(?:npx sprmatrix run|npm test --) /, '');
  const split = await runTool('sh', ['-c', `printf '%s\\n' ${words}`]);
  const command = addTestOptions(new Command('test')).exitOverride();
  command.parse(split.trim().split('\n'), { from: 'user' });
  return command.opts();
}

/** The kernels that there are: a package for each baseline of one, and the builds. */
function kernelsOf(records: readonly CellRecord[]): KernelEntry[] {
  const packaged = records
    .filter(({ cell }) => cell.kernel.startsWith('debian-'))
    .map((each): KernelEntry => {
      const version = kernelVersion(each)?.version ?? '';
      return {
        ...{ id: each.cell.kernel, version, variant: /-(64k)$/.exec(each.cell.kernel)?.[1] ?? '' },
        line: /^\d+\.\d+/.exec(version)?.[0] ?? '',
        source: { kind: 'debian', suite: 'sid', packages: [], older: [] },
      };
    });
  const unique = [...new Map(packaged.map((kernel) => [kernel.id, kernel])).values()];
  return [...unique, ...buildEntries()];
}

/** The cells that a line selects, by the selection of the CLI itself. */
async function cellsOf(line: string, kernels: readonly KernelEntry[]): Promise<string[]> {
  const { kernel, platform, register, cell, git } = await parse(line);
  if (kernel.length === 0) {
    const { cells } = await resolveSelection({ kernel, platform, register, cell });
    return cells.map((each) => cellName({ kernel: each.kernel.id, platform: each.platform.id }));
  }
  const hardware = loadHardware().map(({ id }) => id);
  const platforms = selectPlatforms(platform, loadPlatforms(), hardware);
  return (await selectKernels(kernel, kernels, { git })).flatMap(({ id }) =>
    platforms.map((each) => cellName({ kernel: id, platform: each.id })),
  );
}

test('the line of each baseline selects its cell and no other', async () => {
  const baselines = await readBaselines();
  const kernels = kernelsOf(baselines);
  const lines = baselines.map(({ cell, kernel }) => ({
    name: cellName(cell),
    line: againCommand({
      program: 'npx sprmatrix run',
      cells: [{ ...cell, package: kernel.package }],
      asked: ['--register=LPCR'],
    }),
  }));
  expect(lines.length).toBeGreaterThan(100);
  const wrong: string[] = [];
  for (const { name, line } of lines) {
    const cells = await cellsOf(line, kernels);
    if (cells.join() !== name) wrong.push(`${line}: ${cells.join()}, not ${name}`);
  }
  expect(wrong).toEqual([]);
});

test("what reports print of a deviation selects its cell: built, packaged, user's own, hardware", async () => {
  const lost = { DSCR: row('lost') };
  const cells = [
    ...[
      { kernel: 'build-6.1', platform: 'powernv9' },
      { kernel: 'build-6.12-4k', platform: 'powernv10' },
    ],
    ...[
      { kernel: 'debian-6.1', platform: 'powernv9' },
      { kernel: 'running', platform: 'local' },
    ],
    { kernel: 'running', platform: 'ssh:talos' },
  ];
  const kernels = kernelsOf(await readBaselines());
  for (const cell of cells) {
    const feed = await loadFeed({ records: [record(cell, lost)] });
    const lines = [writeKtap(feed), writeJunit(feed), writeMarkdown(feed)].flatMap((text) =>
      [...text.matchAll(/npm test -- [^`<\n]+register=DSCR/g)].map(([line]) => line),
    );
    expect(lines.length).toBeGreaterThan(2);
    for (const line of lines) {
      expect((await parse(line)).register).toEqual(['DSCR']);
      expect(await cellsOf(line, kernels)).toEqual([cellName(cell)]);
    }
  }
});

test("the docs' findings are shown again by lines that select a cell each", async () => {
  const folder = repositoryPath('docs', 'findings');
  const pages = (await readdir(folder)).map(async (name) => readFile(join(folder, name), 'utf8'));
  const text = (await Promise.all(pages)).join('\n');
  const lines = [...text.matchAll(/Shown again by: `([^`]+)`/g)].map(([, line = '']) => line);
  const kernels = kernelsOf(await readBaselines());
  expect(lines.length).toBeGreaterThan(5);
  for (const line of lines) expect(await cellsOf(line, kernels)).toHaveLength(1);
});

test("a kernel of a git repository is selected by its commit, a user's file by a path", () => {
  const commit = '0123456789abcdef0123456789abcdef01234567';
  const cells = [{ kernel: 'master-g0123456789ab', platform: 'powernv9' }];
  const origin = { name: 'https://example.org/linux.git', version: `master ${commit}` };
  const program = 'npx sprmatrix run';
  expect(
    againCommand({ program, cells: cells.map((cell) => ({ ...cell, package: origin })) }),
  ).toBe(
    `npx sprmatrix run --kernel=git:${commit} --git=https://example.org/linux.git --platform=powernv9`,
  );
  expect(againCommand({ program, cells: [{ kernel: 'v6.8', platform: 'powernv9' }] })).toBe(
    'npx sprmatrix run --kernel=v6.8 --platform=powernv9',
  );
  expect(
    againCommand({ program, cells: [{ kernel: 'file-7.0-1a2b', platform: 'powernv9' }] }),
  ).toBe('npx sprmatrix run --kernel=./vmlinux --platform=powernv9');
});

test('a migration is tried again between the kernels that it was between', () => {
  const from = { kernel: 'build-6.1', platform: 'powernv9' };
  expect(migrateAgain({ from, to: { kernel: 'debian-6.12', platform: 'powernv9' } })).toBe(
    'npx sprmatrix migrate --from=build-6.1 --to=debian-6.12 --platform=powernv9',
  );
  expect(migrateAgain({ from, to: { kernel: 'build-7.2', platform: 'powernv10' } })).toBe(
    'npx sprmatrix migrate --from=build-6.1 --to=build-7.2 --platform=powernv9 --to-platform=powernv10',
  );
});
