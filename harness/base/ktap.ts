/** A line of results, with what stands below it. */
export interface KtapTest {
  readonly name: string;
  readonly isOk: boolean;
  /** `SKIP`, `XFAIL` or `ERROR` of Documentation/dev-tools/ktap.rst, with its reason. */
  readonly directive?: string | undefined;
  /** Lines for people, printed before the result. */
  readonly diagnostics?: readonly string[];
  readonly subtests?: readonly KtapTest[];
}

/** A test that is ok when all of those below it are. */
export function parentOf(name: string, subtests: readonly KtapTest[]): KtapTest {
  return { name, isOk: subtests.every(({ isOk }) => isOk), subtests };
}

/** A whole output of KTAP, version 1: a plan, and each test with those below it. */
export function ktapText(tests: readonly KtapTest[]): string {
  return `${[...ktapHead(tests.length), ...tests.flatMap(ktapLines)].join('\n')}\n`;
}

/** What an output of `count` tests begins with. */
export function ktapHead(count: number): string[] {
  return ['KTAP version 1', `1..${count}`];
}

/** A test's lines; those of its subtests stand before its result, two spaces further in. */
export function ktapLines(
  { name, isOk, directive, diagnostics, subtests }: KtapTest,
  index: number,
): string[] {
  const below =
    subtests === undefined
      ? []
      : [
          'KTAP version 1',
          `# Subtest: ${escaped(name)}`,
          `1..${subtests.length}`,
          ...subtests.flatMap(ktapLines),
        ];
  const comments = (diagnostics ?? []).flatMap((text) =>
    text.split('\n').map((line) => `# ${plain(line)}`),
  );
  const suffix = directive === undefined ? '' : ` # ${escaped(directive)}`;
  return [
    ...below.map((line) => `  ${line}`),
    ...comments,
    `${isOk ? 'ok' : 'not ok'} ${index + 1} ${escaped(name)}${suffix}`,
  ];
}

function plain(text: string): string {
  return text.replace(/\p{Cc}/gu, ' ');
}

function escaped(text: string): string {
  return plain(text).replaceAll('#', '\\#');
}
