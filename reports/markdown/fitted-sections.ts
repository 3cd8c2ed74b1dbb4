/** Lines of one kind under a heading. */
export interface Section {
  readonly title: string;
  /** Lines that a table begins with; a folded part of it begins with them again. */
  readonly head: readonly string[];
  /** One entry each, the most important first. */
  readonly lines: readonly string[];
}

/** More lines of a section than these are folded away. */
const ROWS_SHOWN = 20;

/**
 * Sections of Markdown in at most `bytesMax` bytes of UTF-8, each with an even share of what those before it have
 * left. A section shows 20 lines and folds what is after them; what does not fit is counted. Sections without
 * lines are left out.
 */
export function fittedSections(sections: readonly Section[], bytesMax: number): string[] {
  const filled = sections.filter(({ lines }) => lines.length > 0);
  let room = bytesMax;
  return filled.map((section, index) => {
    const text = fittedSection(section, Math.floor(room / (filled.length - index)));
    room -= sizeOf(text);
    return text;
  });
}

function fittedSection({ title, head, lines }: Section, share: number): string {
  const begin = ['', `### ${title}`, '', ...head];
  const around = [...begin, ...foldOf(lines.length, head), moreText(lines.length)];
  let room = share - sizeOf(around.join('\n'));
  const fitting = lines.findIndex((line) => (room -= sizeOf(line)) < 0);
  const kept = fitting === -1 ? lines : lines.slice(0, fitting);
  const [shown, folded] = [kept.slice(0, ROWS_SHOWN), kept.slice(ROWS_SHOWN)];
  const left = lines.length - kept.length;
  return [
    ...begin,
    ...shown,
    ...(folded.length > 0 ? foldOf(folded.length, [...head, ...folded]) : []),
    ...(left > 0 ? [moreText(left)] : []),
  ].join('\n');
}

function foldOf(count: number, lines: readonly string[]): string[] {
  return [
    ...['', '<details>', `<summary>${count} more</summary>`, '', ...lines],
    ...['', '</details>'],
  ];
}

function moreText(left: number): string {
  return `\n... and ${left} more; the whole report has them.`;
}

/** Bytes of a text and the line's end after it. */
function sizeOf(text: string): number {
  return Buffer.byteLength(text) + 1;
}
