import { expect, test } from '@playwright/test';
import { record, row } from '../../harness/record/record.fixture.js';
import { writeMarkdown } from './markdown.js';
import { feedOf, SMALL_MIGRATIONS, SMALL_RECORDS } from '../testing/feeds.js';
import { judgedFeedOf, HOSTILE, SMALL_FEED, withHostile } from '../testing/judged-feeds.js';

test('Markdown says first what deviates and how to see it again, what is lost, what is new', () => {
  expect(writeMarkdown(SMALL_FEED)).toBe(`## sprmatrix: 1 deviation in 2 cells

1 unexplained, 1 kernel bug, 3 works, 1 absent

### Deviations

- LPCR on debian-6.12/powernv9: expected exact, writable 0xffffffffffffffff (exact since debian-6.1), got masked, writable 0x3333333333333333 \\[baseline\\] \\
  \`npm test -- --kernel=debian-6.12 --platform=powernv9 --register=LPCR\`

### Lost

- kernel bug: DSCR on debian-6.1 (powernv9): known issue dscr-put-lost: a put of DSCR does nothing (arch/powerpc/kvm/book3s\\_hv.c: kvmppc\\_set\\_one\\_reg\\_hv, fixed by [f9ca6a10be20](https://git.kernel.org/torvalds/c/f9ca6a10be20479d526f27316cc32cfd1785ed39))

### New

- debian-6.12: DABR (compared with debian-6.1)

### Bugs of the kernel

- a put of DSCR does nothing: gone since 6.12; fixed by f9ca6a10be20 (missing in 6.1)

### Cells

| cell | kernel | QEMU | verdicts | hostile calls | deviations |
| --- | --- | --- | --- | --- | ---: |
| debian-6.1/powernv9 | \`6.1.0-50-powerpc64le\` | \`7.2.22\` | 1 kernel bug, 1 works, 1 absent | nothing asked | 0 |
| debian-6.12/powernv9 | \`6.12.0-50-powerpc64le\` | \`7.2.22\` | 1 unexplained, 2 works | nothing asked | 1 |

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
  const lost = rows('lost');
  const cells = Array.from({ length: 300 }, (_, index) => record({ platform: `p${index}` }, lost));
  const few = cells.slice(0, 3);
  const baselines = few.map(({ cell }) => record(cell, rows('exact')));
  const text = writeMarkdown(judgedFeedOf(few, baselines));
  expect(Buffer.byteLength(text)).toBeLessThan(60_000);
  expect(Buffer.byteLength(text)).toBeGreaterThan(25_000);
  expect(text).toMatch(/^\.\.\. and \d{4} more; the whole report has them\.$/m);
  expect(text.match(/^###.*/gm)).toEqual(['### Deviations', '### Lost', '### Cells']);
  const shown = text.slice(0, text.indexOf('<details>'));
  expect(shown.match(/^- REG/gm)).toHaveLength(20);
  expect(Buffer.byteLength(writeMarkdown(judgedFeedOf(cells)))).toBeLessThan(60_000);
});

test('guests, migrations and hostile calls have sections, by verdict and known issue', () => {
  const differs = { answer: 'differs', kvm: '0x1', guest: '0x0' } as const;
  const lpcr = row('exact', {
    guest: { read: differs, write: differs },
    migrates: { answer: 'changed', saved: '0x1', restored: '0x0' },
  });
  const text = writeMarkdown(judgedFeedOf([withHostile(record({}, { LPCR: lpcr }))]));
  expect(text).toContain(
    '### Guests\n\n- unexplained: LPCR on debian-6.1 (powernv9): no known issue',
  );
  expect(text).toContain('### Migrations\n\n- unexplained: LPCR on');
  expect(text).toContain('### Hostile calls\n\n- unexplained: race on');
});

test('what guests lose between cells is summed for each platform that they come to', () => {
  const text = writeMarkdown(feedOf(SMALL_RECORDS, { migrations: SMALL_MIGRATIONS }));
  expect(text).toMatch(
    /### Migrations\n\n- to powernv8, under QEMU 10\.0\.2: \d+ of \d+ migrations lose registers by the kernel, at most from /,
  );
});

test('a kernel of another family is not what a kernel is compared with', () => {
  const built = record({ kernel: 'build-6.1' }, { TFHAR: row('absent') });
  const debian = record({ kernel: 'debian-6.12' }, { TFHAR: row('exact') });
  expect(writeMarkdown(judgedFeedOf([built, debian]))).not.toContain('### New');
});
