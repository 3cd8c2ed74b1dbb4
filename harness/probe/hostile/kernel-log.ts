/** What `<4>` and below are: KERN_WARNING and worse (include/linux/kern_levels.h). */
const WARNING = 4;
const LINES_MAX = 16;

/**
 * What a kernel says of having been late, once: timers that did not keep up (kernel/time/hrtimer.c), real-time
 * tasks that are held back (kernel/sched/rt.c, deadline.c), work that ran long (kernel/workqueue.c), interrupts that did
 * (kernel/events/core.c). On an emulator that is the load of the machine below, and nothing that was asked.
 */
const LATE: readonly RegExp[] = [
  /^hrtimer: interrupt took \d+ ns/,
  /^sched: (RT|DL \w+) throttling activated/,
  /^workqueue: \S+ hogged CPU for /,
  /^perf: interrupt took too long/,
];

/**
 * What a kernel's watchdogs say of a processor or a task that stood still: kernel/rcu/tree_stall.h,
 * kernel/watchdog.c, arch/powerpc/kernel/watchdog.c, kernel/hung_task.c. That is a hang, or a machine
 * without a processor.
 */
const STALLED: readonly RegExp[] = [
  /^(rcu: )?INFO: rcu_\w+ .*(stall|starved)/,
  /^rcu: .*(starved for|wakeup didn't happen for)/,
  /^(watchdog: )?BUG: soft lockup/,
  /^[Ww]atchdog:? CPU:? ?\d+ .*LOCKUP/,
  /^INFO: task .* blocked for more than/,
];

/** The kernel's own among /dev/kmsg's records ("priority,sequence,time,flags;text"). */
function recordsOf(kmsg: string): { readonly level: number; readonly text: string }[] {
  return kmsg.split('\n').flatMap((record) => {
    const [, priority, text] = /^(\d+),[^;]*;(.*)$/.exec(record) ?? [];
    // Facility 0 is the kernel's own; what processes write there is none of its.
    if (priority === undefined || text === undefined || Number(priority) >> 3 !== 0) return [];
    return [{ level: Number(priority), text }];
  });
}

/** The first line of /dev/kmsg's records in which a watchdog speaks; undefined where none does. */
export function stallOf(kmsg: string): string | undefined {
  return recordsOf(kmsg).find(({ text }) => STALLED.some((pattern) => pattern.test(text)))?.text;
}

/**
 * The warnings and worse among /dev/kmsg's records, each once. Of a WARN's or oops's dump the line that says
 * where it was stands for all; numbers that differ from run to run are left out, and so is what says that the
 * kernel was late.
 */
export function warningsOf(kmsg: string): string[] {
  const lines: string[] = [];
  let isInDump = false;
  for (const { level, text } of recordsOf(kmsg)) {
    if (LATE.some((pattern) => pattern.test(text))) continue;
    const isEnd = text.startsWith('---[ end trace');
    const isHead = /^(WARNING|BUG|Oops|Kernel panic)\b/.test(text);
    if ((!isInDump || isHead) && !isEnd && level <= WARNING) {
      lines.push(withoutChance(text));
    }
    if (text.startsWith('------------[ cut here') || text.startsWith('Oops')) isInDump = true;
    if (isEnd) isInDump = false;
  }
  return [...new Set(lines)]
    .filter((line) => !line.startsWith('------------['))
    .slice(0, LINES_MAX);
}

const LAST_WORDS = 8;

/**
 * The last lines of a console up to the one that says that the kernel failed, without times and what
 * else depends on chance.
 */
export function lastWords(evidence: readonly string[]): string[] {
  const failure = evidence.findLastIndex((line) =>
    /Kernel panic|Oops: |BUG: |kernel BUG/.test(line),
  );
  const end = failure === -1 ? evidence.length : failure + 1;
  return evidence
    .slice(Math.max(0, end - LAST_WORDS), end)
    .map((line) => withoutChance(line.replace(/^\[[ .,\d]+\] ?/, '')));
}

/** Without control characters, and without what depends on chance: addresses and process numbers. */
function withoutChance(text: string): string {
  return text
    .replace(/[^\x20-\x7e]/g, '')
    .replaceAll(/\b(0x)?[0-9a-f]{8,}\b/g, '-')
    .replaceAll(/\bPID: \d+/g, 'PID: -');
}
