import { SprmatrixError } from '../base/error.js';
import { runTool } from '../base/tool.js';
import type { BenchCell, BenchContext, FigureSource } from './bench-context.js';
import { measureCells } from './bench-context.js';
import type { Figure } from './figure.js';
import { nextToColdCell } from './next-to-cold-cell.js';
import type { VirtmeRoot } from './virtme-root.js';
import { makeVirtmeRoot } from './virtme-root.js';

const CELLS = ['debian-6.12/pseries-p9-nested'];
/** What the guest's shell says. */
const SHELL = 'virtme-ng-has-a-shell';
/** virtme-run opens its own standard files again, which only pipes let it do: a child's here are sockets. */
const THROUGH_PIPES = ['-o', 'pipefail', '-c', '"$@" 2>&1 </dev/null | cat', 'bash'];

/**
 * virtme-ng next to a cold cell, in turn: the same kernel under the same QEMU, from the command line to a shell
 * in the guest. It knows no bare metal and no KVM in the guest; a cell asks all its questions in its time.
 */
export const virtmeNg: FigureSource = {
  id: 'virtme-ng',
  what: 'virtme-ng boots the same kernel to a shell, next to a cold cell',
  isExpensive: true,
  measure: async (context) => measureCells(context, { defaults: CELLS }, measureCell),
};

async function measureCell(cell: BenchCell, context: BenchContext): Promise<Figure> {
  const { folder, signal, say, selectors } = context;
  const root = await makeVirtmeRoot(cell.cell.kernel, cell.kernel, {
    ...{ folder, signal, say, mirror: selectors.mirror },
  });
  return nextToColdCell(cell, context, {
    what: 'virtme-ng to a shell',
    figure: 'virtme-ng to a shell / cold cell (all probes)',
    aim: undefined,
    run: async () => ({ shell: await timeToShell(cell, root, context) }),
  });
}

async function timeToShell(
  { name, cell, qemu }: BenchCell,
  { program, modules, root, image }: VirtmeRoot,
  { signal }: BenchContext,
): Promise<number> {
  const startedAt = performance.now();
  let ms: number | undefined;
  const args = [
    ...[
      ...THROUGH_PIPES,
      'python3',
      program,
      '--qemu-bin',
      qemu.path,
      '--arch',
      'ppc64le',
      '--memory',
    ],
    ...[`${cell.platform.memoryMiB}M`, '--root', root, '--kimg', image, '--mods', 'auto'],
    ...['--force-9p', '--script-sh', `echo ${SHELL}`],
  ];
  await runTool('bash', args, {
    env: { PYTHONPATH: modules },
    signal,
    hint: 'apt-get install python3 python3-argcomplete python3-pkg-resources python3-requests',
    onLine: (line) => {
      if (line.includes(SHELL)) ms ??= performance.now() - startedAt;
    },
  });
  if (ms !== undefined) return ms;
  const message = `${name}: virtme-ng ended, and no shell had said anything`;
  throw new SprmatrixError({ code: 'VIRTME_SILENT', message });
}
