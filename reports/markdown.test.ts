import { expect, test } from '@playwright/test';
import { record, row } from '../harness/record/record.fixture.js';
import { writeMarkdown } from './markdown.js';
import { judgedFeedOf, HOSTILE, SMALL_FEED, withHostile } from './testing/judged-feeds.js';

test('Markdown says what changed and how to see it again, what is lost, what is new', () => {
  expect(writeMarkdown(SMALL_FEED)).toBe(`## sprmatrix: 1 deviation in 2 cells

### What changed

- LPCR on debian-6.12/powernv9: expected exact, writable 0xffffffffffffffff (exact since debian-6.1), got masked, writable 0x3333333333333333 \\[baseline\\] \\
  \`npm test -- --kernel=debian-6.12 --platform=powernv9 --register=LPCR\`

### Cells

| cell | kernel | QEMU | exact | masked or restricted | lost | absent | other | deviations |
| --- | --- | --- | ---: | ---: | ---: | ---: | ---: | ---: |
| debian-6.1/powernv9 | \`6.1.0-50-powerpc64le\` | \`7.2.22\` | 1 | 0 | 1 | 1 | 0 | 0 |
| debian-6.12/powernv9 | \`6.12.0-50-powerpc64le\` | \`7.2.22\` | 2 | 1 | 0 | 0 | 0 | 1 |

### Lost

- DSCR on debian-6.1 (powernv9): known issue dscr-put-lost: a put of DSCR does nothing (arch/powerpc/kvm/book3s\\_hv.c: kvmppc\\_set\\_one\\_reg\\_hv, fixed by [f9ca6a10be20](https://git.kernel.org/torvalds/c/f9ca6a10be20479d526f27316cc32cfd1785ed39))

### New

- debian-6.12: DABR (absent in debian-6.1)

<sub>sprmatrix 0.1.0, commit 0123456789ab</sub>
`);
});

test('a hostile check that deviates is reported with the command that makes the calls again', () => {
  expect(writeMarkdown(judgedFeedOf([withHostile(record())]))).toContain(
    '- hostile race on debian-6.1/powernv9: expected ok of get DAR, got EIO (--hostile=1000:1) \\[hostile-refused\\] \\\n  `npm test -- --kernel=debian-6.1 --platform=powernv9 --hostile=1000:1`',
  );
});

test('a run without deviations says so, and has no empty sections', () => {
  const text = writeMarkdown(judgedFeedOf([record()]));
  expect(text.split('\n')[0]).toBe('## sprmatrix: 1 cell, all as expected');
  expect(text.match(/^###.*/gm)).toEqual(['### Cells']);
});

test('whatever a kernel says of itself stays code on its line', () => {
  const text = writeMarkdown(judgedFeedOf([record({ release: `${HOSTILE}\n# x` })]));
  expect(text).toContain(
    `| \`\` =1+1\\|<b>&"'@all \`x\` ![i](http://x.y) ]]> # x \`\` | \`7.2.22\` |`,
  );
});

test('many deviations stay below what GitHub takes, and say how many are left out', () => {
  const names = Array.from({ length: 900 }, (_, index) => `REG${index}`);
  const rows = (support: 'exact' | 'lost'): Record<string, ReturnType<typeof row>> =>
    Object.fromEntries(names.map((name) => [name, row(support)]));
  const cells = Array.from({ length: 300 }, (_, index) =>
    record({ platform: `p${index}` }, rows('lost')),
  );
  const baselines = cells.slice(0, 3).map(({ cell }) => record(cell, rows('exact')));
  const text = writeMarkdown(judgedFeedOf(cells.slice(0, 3), baselines));
  expect(Buffer.byteLength(text)).toBeLessThan(60_000);
  expect(Buffer.byteLength(text)).toBeGreaterThan(40_000);
  expect(text).toMatch(/^\.\.\. and 5\d{3} more; the whole report has them\.$/m);
  expect(text.match(/^###.*/gm)).toEqual(['### What changed', '### Cells', '### Lost']);
  expect(Buffer.byteLength(writeMarkdown(judgedFeedOf(cells)))).toBeLessThan(60_000);
});
