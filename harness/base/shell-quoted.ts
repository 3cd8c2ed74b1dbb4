/** A word as a POSIX shell reads it back: bare where nothing in it is special, quoted otherwise. */
export function shellQuoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
