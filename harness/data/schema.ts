import { readFileSync } from 'node:fs';
import type { ErrorObject } from 'ajv';
import { compiledSchema } from './compiled-schema.js';
import { messageOf, SprmatrixError } from '../base/error.js';

/** Returns the data, typed, or throws `DATA_INVALID` naming `path` and what is wrong in it. */
export type SchemaCheck<T> = (data: unknown, path: string) => T;

const SHOWN_PROBLEMS = 8;

/** Compiles a JSON Schema file (draft 7, strict) into a check. */
export function compileSchema<T>(schemaPath: string): SchemaCheck<T> {
  const validate = compiledSchema<T>(schemaPath);
  return (data, path) => {
    if (validate(data)) return data;
    const problems = (validate.errors ?? []).map(problemText);
    const more = problems.length - SHOWN_PROBLEMS;
    throw new SprmatrixError({
      code: 'DATA_INVALID',
      message: `${path} does not follow its schema`,
      evidence: [...problems.slice(0, SHOWN_PROBLEMS), ...(more > 0 ? [`and ${more} more`] : [])],
      logs: [schemaPath],
    });
  };
}

/** The content of a JSON file that passes `check`; throws `DATA_INVALID` when it does not. */
export function readDataFile<T>(path: string, check: SchemaCheck<T>): T {
  const text = readFileSync(path, 'utf8');
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch (error) {
    throw new SprmatrixError({
      code: 'DATA_INVALID',
      message: `${path} is no JSON: ${messageOf(error)}`,
    });
  }
  return check(data, path);
}

function problemText(problem: ErrorObject): string {
  const where = problem.instancePath === '' ? '(top level)' : problem.instancePath;
  const allowed: unknown = problem.params['allowedValues'];
  const extra: unknown = problem.params['additionalProperty'];
  const detail = Array.isArray(allowed)
    ? `: ${allowed.join(', ')}`
    : typeof extra === 'string'
      ? `: ${extra}`
      : '';
  return `${where} ${problem.message ?? 'is not valid'}${detail}`;
}
