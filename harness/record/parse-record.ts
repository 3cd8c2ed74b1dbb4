import type { ValidateFunction } from 'ajv';
import { repositorySchema } from '../data/compiled-schema.js';
import type { SprmatrixError } from '../base/error.js';
import { nearestFirst } from '../base/nearest.js';
import type { CellRecord, RegisterNames } from './cell-record.js';
import { checkRegister } from './check-register.js';
import { parseJson } from '../data/json-text.js';
import { explainSchemaErrors, fieldPath, invalidFile, showValue } from '../data/schema-faults.js';

let compiled: ValidateFunction<CellRecord> | undefined;

/** The schema's check, compiled when the first record comes. */
function schemaCheck(): ValidateFunction<CellRecord> {
  compiled ??= repositorySchema<CellRecord>('record.schema.json');
  return compiled;
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
  const faults = [...checkRowNames(data, names), ...checkRows(data)];
  if (faults.length > 0) throw recordInvalid(path, faults);
  return data;
}

/** The error of a record with `faults`. */
export function recordInvalid(path: string, faults: readonly string[]): SprmatrixError {
  return invalidFile('RECORD_INVALID', `${path}: not a valid record`, faults, {
    hint: 'matrix/schema/record.schema.json describes the fields; a new run makes a new record',
  });
}

function checkRowNames(record: CellRecord, names: RegisterNames | undefined): string[] {
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
  const faultsOf = (rows: CellRecord['registers'], where: string): string[] =>
    Object.entries(rows).flatMap(([name, row]) => [
      ...(record.registers[name] === undefined ? [`${where}register ${name}: no such row`] : []),
      ...checkRegister(name, row, names).map((fault) => `${where}register ${name}: ${fault}`),
    ]);
  const ofRanges = (record.emulators ?? []).flatMap(({ from, to, differs }) =>
    differs.flatMap(({ registers }) => faultsOf(registers ?? {}, `QEMU ${from} to ${to}: `)),
  );
  const ofControl = faultsOf(record.calibration?.differs.registers ?? {}, 'calibration: ');
  return [...faultsOf(record.registers, ''), ...ofRanges, ...ofControl];
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
