import { sha256 } from '../base/files.js';

/** What `seal` is in a file, as its schema has it. */
const DIGITS = 16;

/**
 * The text of a JSON object with a digest of all the rest as its last member: a file that a run wrote, and that
 * nobody edits by hand, says so.
 */
export function sealed(text: string): string {
  const seal = sealOf(JSON.parse(text) as object);
  return text.replace(/\n\}\n$/, () => `,\n  "seal": "${seal}"\n}\n`);
}

/** What is wrong with the seal of a file's text; undefined when the rest is as it was written. */
export function sealFault(text: string): string | undefined {
  const data = JSON.parse(text) as { seal?: unknown };
  if (data.seal === undefined) return 'it has no seal';
  return data.seal === sealOf(data) ? undefined : 'its seal is of another content';
}

function sealOf(data: object): string {
  const rest = Object.entries(data).filter(([name]) => name !== 'seal');
  return sha256(JSON.stringify(rest)).slice(0, DIGITS);
}
