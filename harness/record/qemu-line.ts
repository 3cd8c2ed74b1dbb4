import semver from 'semver';

/** The release line of a version of QEMU: 10.0 of 10.0.2. */
export function qemuLine(version: string): string {
  return `${semver.major(version)}.${semver.minor(version)}`;
}

/** Whether a version is of a release line, e.g. 10.0.2 of 10.0. */
export function isOfLine(version: string, line: string): boolean {
  return qemuLine(version) === line;
}

/** The release lines of versions, each once, oldest first. */
export function linesOf(versions: readonly string[]): string[] {
  return [...new Set(versions.map(qemuLine))].sort((a, b) => semver.compare(`${a}.0`, `${b}.0`));
}

/** Those of some release lines that are missing between the first and the last of `mine`; both oldest first. */
export function missingLines(mine: readonly string[], lines: readonly string[]): string[] {
  const isMine = (line: string): boolean => mine.includes(line);
  return lines
    .slice(lines.findIndex(isMine), lines.findLastIndex(isMine) + 1)
    .filter((line) => !isMine(line));
}

/** Versions, oldest first, with those of the reference line before all others. */
export function referenceFirst(versions: Iterable<string>, line: string): string[] {
  const rank = (version: string): number => (isOfLine(version, line) ? 0 : 1);
  return [...new Set(versions)].sort((a, b) => rank(a) - rank(b) || semver.compare(a, b));
}
