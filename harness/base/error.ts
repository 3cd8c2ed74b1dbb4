/** What a failure is, for the exit code and for reports. See `ExitCode`. */
export type ErrorKind = 'usage' | 'harness';

/** Exit codes of every sprmatrix command (README, "Exit codes"). */
export const ExitCode = { ok: 0, deviation: 1, usage: 2, harness: 3 } as const;
export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode];

export interface SprmatrixErrorDetails {
  /** Stable identifier for programs, e.g. `QEMU_MISSING`. */
  readonly code: string;
  /** Whose failure it is: the name of a cell. It begins the error's message. */
  readonly subject?: string | undefined;
  /** What failed, with the value and the limit; one line. */
  readonly message: string;
  /** What to do about it. */
  readonly hint?: string | undefined;
  /** The last lines of a console or of a tool's output. */
  readonly evidence?: readonly string[] | undefined;
  /** Files to read next. */
  readonly logs?: readonly string[] | undefined;
  /** One command that shows the failure again. */
  readonly reproduce?: string | undefined;
  readonly kind?: ErrorKind | undefined;
  readonly cause?: unknown;
}

/**
 * The one error class; `code` tells failures apart. `message` is short (`subject: reason`), `describe()` is
 * all of it. What a program asks of an error is a field, wherever there is one.
 */
export class SprmatrixError extends Error {
  override readonly name: string = 'SprmatrixError';
  readonly code: string;
  readonly kind: ErrorKind;
  readonly subject: string | undefined;
  /** The message without the subject. */
  readonly reason: string;
  readonly hint: string | undefined;
  readonly evidence: readonly string[];
  readonly logs: readonly string[];
  readonly reproduce: string | undefined;

  constructor(details: SprmatrixErrorDetails) {
    const { subject, message, cause } = details;
    super(
      subject === undefined ? message : `${subject}: ${message}`,
      cause === undefined ? undefined : { cause },
    );
    this.code = details.code;
    this.kind = details.kind ?? 'harness';
    this.subject = subject;
    this.reason = message;
    this.hint = details.hint;
    this.evidence = details.evidence ?? [];
    this.logs = details.logs ?? [];
    this.reproduce = details.reproduce;
  }

  /** The whole text for a person: message, cause, evidence, logs, reproducing command, hint. */
  describe(): string {
    const lines = [this.message];
    if (this.cause !== undefined) lines.push(`  cause: ${messageOf(this.cause)}`);
    if (this.evidence.length > 0) {
      lines.push('  evidence:', ...this.evidence.map((line) => `    | ${line}`));
    }
    for (const log of this.logs) lines.push(`  log: ${log}`);
    if (this.reproduce !== undefined) lines.push(`  again: ${this.reproduce}`);
    if (this.hint !== undefined) lines.push(`  hint: ${this.hint}`);
    return lines.join('\n');
  }
}

/** Whether somebody ended it: Ctrl-C, or a signal that was passed on. */
export function isInterruption(thrown: unknown): boolean {
  return thrown instanceof SprmatrixError && thrown.code === 'ABORTED';
}

/** The message of whatever was thrown. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}

/** The whole text of whatever was thrown: `describe()` of ours, the message of anything else. */
export function describeError(thrown: unknown): string {
  return thrown instanceof SprmatrixError ? thrown.describe() : messageOf(thrown);
}
