import { readFile } from 'node:fs/promises';
import type { ValidateFunction } from 'ajv';
import { repositorySchema } from '../data/compiled-schema.js';
import type { SprmatrixError } from '../base/error.js';
import { nearestFirst } from '../base/nearest.js';
import { repositoryPath } from '../base/paths.js';
import type { RegisterNames } from './cell-record.js';
import { parseJson } from '../data/json-text.js';
import type { RegisterFact, RegisterFactList, Since } from './registers.generated.js';
import { explainSchemaErrors, fieldPath, invalidFile } from '../data/schema-faults.js';

export type { Explanation, RegisterFact } from './registers.generated.js';

/** What is known of each register, by its name: the entry of a range stands under every name of it. */
export type RegisterFacts = ReadonlyMap<string, RegisterFact>;

let compiled: ValidateFunction<RegisterFactList> | undefined;

/**
 * The facts of a file's text. Errors: `REGISTER_FACTS_INVALID` names `path`, the entry, the field,
 * the value and what is allowed; so too for a register that is covered twice, and, when `names` is
 * given, for one that is not covered and for one that it does not have.
 */
export function parseRegisterFacts(
  text: string,
  path: string,
  names?: RegisterNames,
): RegisterFacts {
  compiled ??= repositorySchema<RegisterFactList>('registers.schema.json');
  const data = parseJson(text, path, 'REGISTER_FACTS_INVALID');
  if (!compiled(data)) {
    const faults = explainSchemaErrors(compiled.errors ?? [], (parts) => namePlace(parts, data));
    throw factsInvalid(path, faults);
  }
  const covered = data.registers.flatMap((fact) =>
    expandRange(fact.name).map((name) => [name, fact] as const),
  );
  const coveredNames = covered.map(([name]) => name);
  const faults = [
    ...coveredNames
      .filter((name, index) => coveredNames.indexOf(name) !== index)
      .map((name) => `${name}: it is covered more than once`),
    ...(names === undefined ? [] : coverageFaults(coveredNames, names)),
  ];
  if (faults.length > 0) throw factsInvalid(path, faults);
  return new Map(covered);
}

/** The facts of matrix/registers.json, or of another file. Errors: as `parseRegisterFacts`. */
export async function readRegisterFacts(
  names?: RegisterNames,
  path: string = repositoryPath('matrix', 'registers.json'),
): Promise<RegisterFacts> {
  return parseRegisterFacts(await readFile(path, 'utf8'), path, names);
}

/** `FPR0-31` as FPR0 to FPR31; a name that is no range as itself. */
export function expandRange(name: string): string[] {
  const range = /^(.*?)(\d+)-(\d+)$/.exec(name);
  if (range === null) return [name];
  const [, prefix = '', first, last] = range;
  const count = Math.max(0, Number(last) - Number(first) + 1);
  return Array.from({ length: count }, (_, index) => `${prefix}${Number(first) + index}`);
}

/** When a register's ONE_REG id came, as people read it: no more than what was established. */
export function sinceText({ in: line, notIn }: Since): string {
  if (notIn === undefined) return `there in ${line}`;
  return isNextLine(notIn, line) ? `since ${line}` : `there in ${line}, not yet in ${notIn}`;
}

function isNextLine(older: string, newer: string): boolean {
  const [olderMajor, olderMinor] = older.split('.').map(Number);
  const [newerMajor, newerMinor] = newer.split('.').map(Number);
  return olderMajor === newerMajor && (olderMinor ?? 0) + 1 === newerMinor;
}

function coverageFaults(covered: readonly string[], names: RegisterNames): string[] {
  const has = new Set(covered);
  const known = new Set(names);
  return [
    ...names
      .filter((name) => !has.has(name))
      .map((name) => `${name}: registers.def has it, and no entry covers it`),
    ...covered
      .filter((name) => !known.has(name))
      .map((name) => {
        const nearest = nearestFirst(name, names).slice(0, 5).join(', ');
        return `${name}: no register of registers.def (nearest first: ${nearest})`;
      }),
  ];
}

function factsInvalid(path: string, faults: readonly string[]): SprmatrixError {
  return invalidFile('REGISTER_FACTS_INVALID', `${path}: not valid`, faults, {
    hint: 'matrix/schema/registers.schema.json describes the fields',
  });
}

/** `registers/2/what` as `LPCR: what`; by number where the entry has no name. */
function namePlace(parts: readonly string[], data: unknown): string {
  const [first, index, ...fields] = parts;
  if (first !== 'registers' || index === undefined)
    return parts.length === 0 ? 'the file' : fieldPath(parts);
  const entry = nameAt(data, Number(index)) ?? `entry ${Number(index) + 1}`;
  return fields.length === 0 ? entry : `${entry}: ${fieldPath(fields)}`;
}

function nameAt(data: unknown, index: number): string | undefined {
  const { registers } = data as { registers?: unknown };
  const entry: unknown = Array.isArray(registers) ? registers[index] : undefined;
  const name =
    typeof entry === 'object' && entry !== null && 'name' in entry ? entry.name : undefined;
  return typeof name === 'string' && /^[\w-]{1,40}$/.test(name) ? name : undefined;
}
