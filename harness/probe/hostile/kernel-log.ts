/** What `<4>` and below are: KERN_WARNING and worse (include/linux/kern_levels.h). */
const WARNING = 4;
const LINES_MAX = 16;

/**
 * The warnings and worse among /dev/kmsg's records ("priority,sequence,time,flags;text"), each once. Of
 * a WARN's or oops's dump the line that says where it was stands for all; numbers that differ from run
 * to run are left out.
 */
export function warningsOf(kmsg: string): string[] {
  const lines: string[] = [];
  let isInDump = false;
  for (const record of kmsg.split('\n')) {
    const [, priority, text] = /^(\d+),[^;]*;(.*)$/.exec(record) ?? [];
    // Facility 0 is the kernel's own; what processes write there is none of its.
    if (priority === undefined || text === undefined || Number(priority) >> 3 !== 0) continue;
    const isEnd = text.startsWith('---[ end trace');
    const isHead = /^(WARNING|BUG|Oops|Kernel panic)\b/.test(text);
    if ((!isInDump || isHead) && !isEnd && (Number(priority) & 7) <= WARNING) {
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
