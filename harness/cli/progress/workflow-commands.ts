/** A message that GitHub shows next to a run, with a title of its own. */
export interface Annotation {
  readonly title: string;
  readonly message: string;
}

/** GitHub shows this many errors of a step and drops the others without a word. */
const SHOWN_BY_GITHUB = 10;

/**
 * Annotations as lines of GitHub's workflow commands, for standard output. Of more than ten, the
 * last line says how many there are and where they stand.
 */
export function errorCommands(annotations: readonly Annotation[]): string[] {
  if (annotations.length <= SHOWN_BY_GITHUB) return annotations.map(errorCommand);
  const shown = annotations.slice(0, SHOWN_BY_GITHUB - 1);
  const rest = {
    title: `${annotations.length - shown.length} more`,
    message: "the job's summary and the log have all of them",
  };
  return [...shown, rest].map(errorCommand);
}

function errorCommand({ title, message }: Annotation): string {
  return `::error title=${escapedProperty(title)}::${escapedData(message)}`;
}

/** As GitHub's runner reads it back (actions/toolkit, packages/core/src/command.ts). */
function escapedData(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function escapedProperty(text: string): string {
  return escapedData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
