import type { Command } from 'commander';

/** Lines that show how a command is used, for its help; each can be run as it stands. */
export const EXAMPLES: Readonly<Record<string, readonly string[]>> = {
  run: [
    'sprmatrix run --kernel=debian-6.12 --platform=powernv9',
    'sprmatrix run --kernel=./vmlinux --modules=./lib/modules/6.19.0 --platform=powernv10',
  ],
  test: ['sprmatrix test --kernel=6.12 --platform=powernv9 --register=LPCR'],
  check: ['git bisect run sprmatrix check --kernel=. --platform=powernv9 --register=MMCR3'],
  watch: ['sprmatrix watch --kernel=./vmlinux --platform=pseries-p9-nested'],
  migrate: ['sprmatrix migrate --from=debian-6.1 --to=debian-6.12 --platform=powernv9'],
  calibrate: ['sprmatrix calibrate --qemu=./build/qemu-system-ppc64 --platform=powernv9'],
  kernels: ['sprmatrix kernels list'],
  'kernels list': ['sprmatrix kernels list --json'],
  'kernels fetch': ['sprmatrix kernels fetch debian-6.12'],
  'kernels build': ['sprmatrix kernels build build-6.1'],
  'kernels config': ['sprmatrix kernels config build-6.1 --check'],
  'kernels prune': ['sprmatrix kernels prune --dry-run'],
  'kernels add': ['sprmatrix kernels add v6.8'],
  cache: ['sprmatrix cache list snapshots'],
  'cache list': ['sprmatrix cache list kernels --json'],
  'cache prune': ['sprmatrix cache prune --dry-run'],
  list: ['sprmatrix list platforms', 'sprmatrix list cells --json'],
  since: ['sprmatrix since --kernel=6.x --platform=powernv9 --register=MMCR3'],
  show: ['sprmatrix show debian-6.1 powernv9 LPCR', 'sprmatrix show 6.12 powernv10'],
  diff: ['sprmatrix diff debian-6.1 debian-6.12', 'sprmatrix diff out debian-6.12 --json'],
  plan: ['sprmatrix plan --kernel=6.1,6.12 --shards=4'],
  merge: ['sprmatrix merge shard-1 shard-2 --out=merged'],
  report: [
    'sprmatrix report --records=out',
    'sprmatrix report --records=out --format=junit --output=junit.xml',
  ],
  badge: ['sprmatrix badge --output=badges'],
  doctor: ['sprmatrix doctor', 'sprmatrix doctor --kernel=./vmlinux --json'],
  setup: ['sprmatrix setup', 'sprmatrix setup --builds'],
  reproduce: ['sprmatrix reproduce mmcr3-put-lost > mmcr3-put-lost.c'],
  completion: ['source <(sprmatrix completion bash)'],
};

/** Puts its examples below the help of every command that has some. */
export function addExamples(command: Command, path = ''): void {
  for (const inner of command.commands) {
    const name = `${path}${inner.name()}`;
    const lines = EXAMPLES[name] ?? [];
    if (lines.length > 0) {
      const heading = lines.length === 1 ? 'Example:' : 'Examples:';
      inner.addHelpText('after', ['', heading, ...lines.map((line) => `  $ ${line}`)].join('\n'));
    }
    addExamples(inner, `${name} `);
  }
}
