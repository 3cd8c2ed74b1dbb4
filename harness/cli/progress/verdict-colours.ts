import picocolors from 'picocolors';
import { hasColours } from '../../base/terminal.js';
import type { VerdictKind } from '../../judge/verdict/verdict-kinds.js';

type Colours = ReturnType<typeof picocolors.createColors>;

let colours: Colours | undefined;

/** The colours of standard output; none where it takes none. */
export function terminalColours(): Colours {
  // picocolors' own would be on in every file of a CI.
  colours ??= picocolors.createColors(hasColours(process.stdout));
  return colours;
}

/** How each verdict looks; its sign says the same without colours. */
const COLOUR_OF: Readonly<
  Record<VerdictKind, 'red' | 'yellow' | 'magenta' | 'cyan' | 'green' | 'dim'>
> = {
  error: 'red',
  unexplained: 'red',
  kernel: 'red',
  configuration: 'yellow',
  emulator: 'magenta',
  design: 'cyan',
  stored: 'dim',
  works: 'green',
  absent: 'dim',
  untested: 'dim',
};

/** A text in the colour of a verdict. */
export function inColourOf(kind: VerdictKind, text: string): string {
  return terminalColours()[COLOUR_OF[kind]](text);
}
