/** A text of ours on one line: nothing of it is Markdown or HTML. */
export function plain(text: string): string {
  return text
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/[\\`*_{}[\]|~]/g, '\\$&')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;');
}

/**
 * A text that is not ours, as it is: code in a cell of a table. GitHub makes a mention of @name even
 * where its characters are escaped, but never in code.
 */
export function code(text: string): string {
  const clean = text.replaceAll(/[\s\p{C}]+/gu, ' ').trim();
  const longest = Math.max(0, ...(clean.match(/`+/g) ?? []).map((run) => run.length));
  const fence = '`'.repeat(longest + 1);
  const [begin, end] = longest > 0 ? [`${fence} `, ` ${fence}`] : [fence, fence];
  return `${begin}${clean.replaceAll('|', '\\|')}${end}`;
}
