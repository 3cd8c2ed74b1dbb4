/** Orders Debian package versions as dpkg does: negative when `a` is older than `b`. */
export function compareDebianVersions(a: string, b: string): number {
  const [left, right] = [splitVersion(a), splitVersion(b)];
  return (
    left.epoch - right.epoch ||
    comparePart(left.upstream, right.upstream) ||
    comparePart(left.revision, right.revision)
  );
}

/** The upstream kernel version in a Debian one: "6.12.95" of "6.12.95-1~bpo12+1", "7.3-rc7" of "7.3~rc7-1~exp1". */
export function upstreamVersion(debianVersion: string): string {
  const { upstream } = splitVersion(debianVersion);
  return /^[0-9.]+(?:~rc[0-9]+)?/.exec(upstream)?.[0].replace('~', '-') ?? upstream;
}

/** major.minor of an upstream version, or undefined when it does not begin so. */
export function lineOf(version: string): string | undefined {
  return /^[0-9]+\.[0-9]+/.exec(version)?.[0];
}

function splitVersion(version: string): { epoch: number; upstream: string; revision: string } {
  const colon = version.indexOf(':');
  const rest = version.slice(colon + 1);
  const dash = rest.lastIndexOf('-');
  return {
    epoch: colon < 0 ? 0 : Number.parseInt(version.slice(0, colon), 10),
    upstream: dash < 0 ? rest : rest.slice(0, dash),
    revision: dash < 0 ? '' : rest.slice(dash + 1),
  };
}

/** One part: runs of other characters and of digits in turn, "~" before everything, even the end. */
function comparePart(a: string, b: string): number {
  const [left, right] = [runsOf(a), runsOf(b)];
  const count = Math.max(left.length, right.length);
  for (let index = 0; index < count; index += 1) {
    const [x, y] = [left[index] ?? '', right[index] ?? ''];
    const order = index % 2 === 0 ? compareText(x, y) : Number(x) - Number(y);
    if (order !== 0) return order;
  }
  return 0;
}

/** "1~rc2" -> ["", "1", "~rc", "2"]: text at even indexes, digits at odd ones. */
function runsOf(part: string): string[] {
  return [...part.matchAll(/([^0-9]*)([0-9]*)/g)].flatMap(([, text = '', digits = '']) =>
    text === '' && digits === '' ? [] : [text, digits],
  );
}

function compareText(a: string, b: string): number {
  const count = Math.max(a.length, b.length);
  for (let index = 0; index < count; index += 1) {
    const order = weightOf(a[index]) - weightOf(b[index]);
    if (order !== 0) return order;
  }
  return 0;
}

function weightOf(character: string | undefined): number {
  if (character === undefined) return 0;
  if (character === '~') return -1;
  const code = character.charCodeAt(0);
  return /[A-Za-z]/.test(character) ? code : code + 256;
}
