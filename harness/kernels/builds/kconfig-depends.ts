/** Where an option is defined in a Kconfig file, and on what that definition depends. */
export interface KconfigDefinition {
  /** Expressions that must all be true, outermost first. */
  readonly depends: readonly string[];
}

interface Block {
  readonly kind: 'if' | 'menu' | 'choice';
  readonly depends: string[];
}

const ENTRY = /^(?:menu)?config\s+(\w+)$/;
const PROMPT_CONDITION = /^(?:bool|tristate|int|hex|string|prompt)\s+["'].*["']\s+if\s+(.+)$/;

/** Every definition of an option in the text of a Kconfig file, with the blocks that it stands in. */
export function definitionsOf(option: string, kconfig: string): KconfigDefinition[] {
  const blocks: Block[] = [];
  const found: string[][] = [];
  // Where a `depends on` line belongs: to the entry or the block whose attributes are being read.
  let attributes: string[] | undefined;
  for (const line of logicalLines(kconfig)) {
    const [word = ''] = line.split(/[\s(]/);
    const entry = ENTRY.exec(line)?.[1];
    if (entry !== undefined) {
      attributes = [];
      if (entry === option) {
        found.push(attributes);
        attributes.push(...blocks.flatMap(({ depends }) => depends));
      }
    } else if (word === 'if') {
      blocks.push({ kind: 'if', depends: [line.slice('if'.length).trim()] });
      attributes = undefined;
    } else if (word === 'menu' || word === 'choice') {
      const block: Block = { kind: word, depends: [] };
      blocks.push(block);
      attributes = block.depends;
    } else if (/^end(?:if|menu|choice)$/.test(word)) {
      blocks.pop();
      attributes = undefined;
    } else if (/^(?:comment|source|mainmenu)$/.test(word)) {
      attributes = undefined;
    } else {
      const condition = /^depends\s+on\s+(.+)$/.exec(line) ?? PROMPT_CONDITION.exec(line);
      if (condition?.[1] !== undefined) attributes?.push(condition[1]);
    }
  }
  return found.map((depends) => ({ depends }));
}

/** The symbols in Kconfig expressions, each once. */
export function symbolsIn(expressions: readonly string[]): string[] {
  const words = expressions.flatMap((text) => text.replaceAll(/"[^"]*"/g, '').match(/\w+/g) ?? []);
  return [...new Set(words.filter((word) => /[A-Z]/.test(word)))];
}

/**
 * The lines that mean something: comments and help texts left out, continued lines joined. A help
 * text goes on as long as lines are indented more than its first one is, or as much.
 */
function* logicalLines(text: string): Generator<string> {
  let helpIndent: number | undefined;
  let isHelp = false;
  let continued = '';
  for (const raw of text.split('\n')) {
    const expanded = raw.replaceAll('\t', '        ');
    const line = expanded.trim();
    const indent = expanded.length - expanded.trimStart().length;
    if (isHelp) {
      if (line === '') continue;
      helpIndent ??= indent;
      if (indent >= helpIndent && indent > 0) continue;
      isHelp = false;
    }
    if (line.endsWith('\\')) {
      continued += `${line.slice(0, -1).trim()} `;
      continue;
    }
    const whole = (continued + line).replace(/\s+#.*$/, '');
    continued = '';
    if (/^(?:---)?help(?:---)?$/.test(whole)) {
      isHelp = true;
      helpIndent = undefined;
    } else if (whole !== '' && !whole.startsWith('#')) {
      yield whole;
    }
  }
}
