import { readFileSync, writeFileSync } from 'node:fs';

/*
 * Loaded before the CLI (`node --import`): writes its peak memory in KiB to $SPRMATRIX_PEAK_FILE when it
 * ends. It is VmHWM, which is of this program alone: getrusage's maxRSS has the peak of the process that
 * forked it, too (fs/exec.c, exec_mmap).
 */
const target = process.env['SPRMATRIX_PEAK_FILE'];
if (target !== undefined) {
  process.on('exit', () => {
    const peak = /^VmHWM:\s*(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1];
    writeFileSync(target, peak ?? '');
  });
}
