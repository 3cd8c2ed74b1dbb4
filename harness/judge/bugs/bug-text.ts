/** What the records say of a bug over the kernel lines ("6.12") that they have. */
export interface BugStatus {
  /** The newest line of any record; null where no kernel has a version. */
  readonly newest: string | null;
  readonly isPresent: boolean;
  /** The lines that show it, the oldest first. */
  readonly shown: readonly string[];
  /** The first line after those in which it was asked for and is not there. */
  readonly goneSince?: string;
  /** The last line before those in which it was asked for and is not there. */
  readonly notIn?: string;
}

/**
 * What became of a bug, in words: "present in 7.3, the newest kernel here", "gone since 6.12; fixed by
 * f9ca6a10be20 (missing in 5.10, 6.1)".
 */
export function statusText(status: BugStatus, fix: string | undefined): string {
  return [whereText(status), ...(fix === undefined ? [] : [fixText(status, fix)])].join('; ');
}

/** "fixed by f9ca6a10be20 (missing in 5.10, 6.1)": which lines a distribution would mend. */
function fixText({ shown }: BugStatus, fix: string): string {
  return `fixed by ${fix.slice(0, 12)}${shown.length === 0 ? '' : ` (missing in ${shown.join(', ')})`}`;
}

function whereText({ newest, isPresent, shown, goneSince }: BugStatus): string {
  const last = shown.at(-1);
  if (last === undefined) return 'shown by no record here';
  if (isPresent) return `present in ${newest ?? last}, the newest kernel here`;
  if (goneSince !== undefined) return `gone since ${goneSince}`;
  return `seen in ${last}, and no newer kernel was asked`;
}

/** Since when it is there, as far as the records bracket it: "between 6.1 and 6.12", "5.10 or before". */
export function introducedText({ shown, notIn }: BugStatus): string {
  const [first] = shown;
  if (first === undefined) return 'not known';
  return notIn === undefined ? `${first} or before` : `between ${notIn} and ${first}`;
}

/** A severity by what it means, the worst first. */
export const SEVERITIES = {
  high: 'a process or a protection outside of the guest’s registers suffers',
  medium: 'a guest loses what it computes with',
  low: 'a guest loses what it measures or is debugged with',
} as const;

/** Whether a bug is there on a processor as well as under the emulator; of one that nobody judged, that. */
export function hardwareText(
  hardware: { readonly differs: 'no' | 'possibly' } | undefined,
): string {
  if (hardware === undefined) return 'not judged';
  return hardware.differs === 'no' ? 'the same' : 'possibly otherwise';
}
