import { readFileSync } from 'node:fs';
import type { ValidateFunction } from 'ajv';
import { Ajv } from 'ajv';
import { SprmatrixError } from '../base/error.js';
import { nearestFirst } from '../base/nearest.js';
import { repositoryPath } from '../base/paths.js';
import type { CellRecord, RegisterNames } from './cell-record.js';
import { checkRegister } from './check-register.js';
import { parseJson } from './json-text.js';
import { explainSchemaErrors, firstFaults, showValue } from './schema-faults.js';

/** How many faults of one file are shown. */
export const SHOWN_FAULTS = 10;

let compiled: ValidateFunction<CellRecord> | undefined;

/** The schema's check, compiled when the first record comes. */
function schemaCheck(): ValidateFunction<CellRecord> {
  compiled ??= compileRecordSchema<CellRecord>('record.schema.json');
  return compiled;
}

/** Compiles a file of matrix/schema/ (draft 7, strict) so that `explainSchemaErrors` has its due. */
export function compileRecordSchema<T>(name: string): ValidateFunction<T> {
  const schema: unknown = JSON.parse(readFileSync(repositoryPath('matrix/schema', name), 'utf8'));
  const ajv = new Ajv({ strict: true, allErrors: true, verbose: true, allowUnionTypes: true });
  return ajv.compile<T>(schema as object);
}

/**
 * A record from the text of its file. `names`, when given, must be exactly the record's registers.
 * Errors: `RECORD_INVALID` names `path`, and for each fault the register, the field, the value and
 * what is allowed.
 */
export function parseRecord(text: string, path: string, names?: RegisterNames): CellRecord {
  return validateRecord(parseJson(text, path, 'RECORD_INVALID'), path, names);
}

/** `data` as a record: as `parseRecord`, for data that is no text any more. */
export function validateRecord(data: unknown, path: string, names?: RegisterNames): CellRecord {
  const validate = schemaCheck();
  if (!validate(data)) {
    throw recordInvalid(path, explainSchemaErrors(validate.errors ?? [], namePlace));
  }
  const faults = [...checkNames(data, names), ...checkRows(data)];
  if (faults.length > 0) throw recordInvalid(path, faults);
  return data;
}

/** The error of a record with `faults`: the first in the message, `SHOWN_FAULTS` as evidence. */
export function recordInvalid(path: string, faults: readonly string[]): SprmatrixError {
  const more = faults.length - 1;
  return new SprmatrixError({
    code: 'RECORD_INVALID',
    message: `${path}: not a valid record: ${faults[0] ?? 'no reason known'}${more > 0 ? ` (and ${more} more)` : ''}`,
    evidence: more > 0 ? firstFaults(faults, SHOWN_FAULTS) : [],
    hint: 'matrix/schema/record.schema.json describes the fields; a new run makes a new record',
  });
}

function checkNames(record: CellRecord, names: RegisterNames | undefined): string[] {
  if (names === undefined) return [];
  const known = new Set(names);
  const found = Object.keys(record.registers);
  const present = new Set(found);
  return [
    ...names
      .filter((name) => !present.has(name))
      .map((name) => `register ${name}: missing; a record has all ${names.length} registers`),
    ...found
      .filter((name) => !known.has(name))
      .map((name) => {
        const nearest = nearestFirst(name, names).slice(0, 3).join(', ');
        return `register ${name}: no such register (nearest first: ${nearest})`;
      }),
  ];
}

function checkRows(record: CellRecord): string[] {
  const names = Object.keys(record.registers);
  return Object.entries(record.registers).flatMap(([name, row]) =>
    checkRegister(name, row, names).map((fault) => `register ${name}: ${fault}`),
  );
}

/** `registers/LPCR/refused/0/errno` as "register LPCR: refused[0].errno". */
function namePlace(parts: readonly string[]): string {
  if (parts.length === 0) return 'the record';
  const [first, name, ...fields] = parts;
  if (first === 'registers' && name !== undefined) {
    // The name may be anything here: it is data until the schema has accepted it.
    const register = `register ${/^\w+$/.test(name) ? name : showValue(name)}`;
    return fields.length === 0 ? register : `${register}: ${fieldPath(fields)}`;
  }
  return fieldPath(parts);
}

/** `refused`, `0`, `errno` as "refused[0].errno". */
export function fieldPath(parts: readonly string[]): string {
  return parts
    .map((part, index) => (/^\d+$/.test(part) ? `[${part}]` : index === 0 ? part : `.${part}`))
    .join('');
}
