/** A package's file in an archive. */
export interface PackageFile {
  readonly name: string;
  readonly version: string;
  /** Relative to the mirror. */
  readonly filename: string;
  /** Bytes. */
  readonly size: number;
  readonly sha256: string;
}

/** The fields of one package in a Debian index that matter here. */
export interface IndexedPackage extends PackageFile {
  readonly depends: readonly string[];
}

/**
 * The packages in the text of a Debian `Packages` index. A stanza without one of the fields that
 * are needed to fetch it is left out: apt would not fetch it either.
 */
export function parsePackageIndex(text: string): IndexedPackage[] {
  return text.split(/\n{2,}/).flatMap((stanza) => {
    const fields = parseStanza(stanza);
    const name = fields.get('Package');
    const version = fields.get('Version');
    const filename = fields.get('Filename');
    const size = Number(fields.get('Size'));
    const sha256 = fields.get('SHA256');
    if (name === undefined || version === undefined || filename === undefined) return [];
    if (sha256 === undefined || !Number.isSafeInteger(size)) return [];
    const depends = parseDepends(fields.get('Depends') ?? '');
    return [{ name, version, depends, filename, size, sha256 }];
  });
}

/** Field name -> value; continued lines are joined by a space. */
function parseStanza(stanza: string): Map<string, string> {
  const fields = new Map<string, string>();
  let last: string | undefined;
  for (const line of stanza.split('\n')) {
    if (/^[ \t]/.test(line)) {
      if (last !== undefined) fields.set(last, `${fields.get(last) ?? ''} ${line.trim()}`);
      continue;
    }
    const colon = line.indexOf(':');
    if (colon <= 0) continue;
    last = line.slice(0, colon);
    fields.set(last, line.slice(colon + 1).trim());
  }
  return fields;
}

/** The names in a `Depends` field, all alternatives of each. */
function parseDepends(field: string): string[] {
  return field
    .split(/[,|]/)
    .map((alternative) => alternative.trim().split(/[ (:]/)[0] ?? '')
    .filter((name) => name !== '');
}
