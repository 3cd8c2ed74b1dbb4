import type { HostileCheck, HostileRecord } from './record.generated.js';

/** The checks of the hostile probe, by their names in a record. */
export type HostileCheckName = keyof HostileRecord['checks'];

/** Every check, in the order in which they are made. */
export const HOSTILE_CHECKS = [
  'foreign-ids',
  'unused-ids',
  'sizes',
  'wrong-sizes',
  'random-ids',
  'registers-kept',
  'value-addresses',
  'argument-addresses',
  'set-regs',
  'other-files',
  'race',
  'put-while-running',
  'vmm-registers',
  'vcpu-works',
] as const satisfies readonly HostileCheckName[];

/** What a check came to, in short: "90 EINVAL", "2 EINVAL, 1 ok; 1 unexpected", "the host died". */
export function checkText({ answers, unexpected, log, died, untested }: HostileCheck): string {
  if (died !== undefined) return `the host died (${died.how})`;
  if (untested !== undefined) return `untested (${untested})`;
  const counts = Object.entries(answers).map(([answer, count]) => `${count} ${answer}`);
  return [
    counts.length === 0 ? 'no calls' : counts.join(', '),
    ...(unexpected === undefined ? [] : [`${unexpected.count} unexpected`]),
    ...(log === undefined ? [] : [`${log.length} in the kernel's log`]),
  ].join('; ');
}

/** What was not as expected, a line each: "get 0x...: ENXIO instead of EINVAL". */
export function checkFindings({ unexpected, log, died }: HostileCheck): string[] {
  const first = unexpected?.first ?? [];
  const more = (unexpected?.count ?? 0) - first.length;
  return [
    ...first.map(({ call, expected, got }) => `${call}: ${got} instead of ${expected}`),
    ...(more > 0 ? [`and ${more} more`] : []),
    ...(log ?? []).map((line) => `kernel log: ${line}`),
    ...(died?.console ?? []).map((line) => `console: ${line}`),
  ];
}

/** Whether two hostile records are of the same calls. */
export function isSamePlan(
  a: Pick<HostileRecord, 'ids' | 'seed'>,
  b: Pick<HostileRecord, 'ids' | 'seed'>,
): boolean {
  return a.ids === b.ids && a.seed === b.seed;
}

/** Whether two checks came to the same; a dying machine's last lines have chance in them. */
export function isSameCheck(a: HostileCheck, b: HostileCheck): boolean {
  return comparable(a) === comparable(b);
}

function comparable({ answers, unexpected, log, died }: HostileCheck): string {
  return JSON.stringify([Object.entries(answers).sort(), unexpected, log, died?.how]);
}

/** What each of two different checks came to: in short where that tells them apart. */
export function distinctTexts(a: HostileCheck, b: HostileCheck): readonly [string, string] {
  const texts = [checkText(a), checkText(b)] as const;
  if (texts[0] !== texts[1]) return texts;
  const all = (check: HostileCheck): string => checkFindings(check).join('; ');
  return [all(a), all(b)];
}

/** Whether a check was made, be it that the host died of it. */
export function isChecked(check: HostileCheck | undefined): check is HostileCheck {
  return check !== undefined && check.untested === undefined;
}
