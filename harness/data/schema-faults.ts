import type { ErrorObject } from 'ajv';
import { SprmatrixError } from '../base/error.js';
import { nearestFirst } from '../base/nearest.js';

/** Names a place of a document for people, from the parts of its JSON pointer. */
export type PlaceNamer = (parts: readonly string[]) => string;

/** What each `pattern` of our schemas asks for, in words. */
const PATTERN_WORDS: Readonly<Record<string, string>> = {
  '^[A-Za-z0-9][A-Za-z0-9._+-]*$': 'a name of letters, digits, ".", "_", "+" and "-"',
  '^[A-Za-z0-9_]+$': 'a name of letters, digits and "_"',
  '^[0-9a-f]{16}$': '16 lower-case hex digits',
  '^[0-9a-f]{64}$': '64 lower-case hex digits',
  '^[A-Z][A-Z0-9_]*$': 'an upper-case register name such as LPCR',
  '^0x([0-9a-f]{8}|[0-9a-f]{16}|[0-9a-f]{32})$':
    'a lower-case hex value of 8, 16 or 32 digits such as "0x0000002a"',
  '^E[A-Z0-9]+$': 'an errno name such as EINVAL',
  '^(ok|E[A-Z0-9]+)$': 'ok, or an errno name such as EINVAL',
  '^0x[0-9a-f]{16}$': '16 lower-case hex digits such as "0x1030000000000001"',
  '^ssh:[A-Za-z0-9_][A-Za-z0-9._@:%+-]*$': '"ssh:" and a host as ssh(1) takes it',
  '^0x[0-9a-f]{3}$': 'an interrupt vector such as "0x700"',
  '^[0-9a-f]{12,40}$': '12 to 40 lower-case hex digits of a commit',
  '^[0-9]+\\.[0-9]+$': 'a release line such as "6.1"',
  '^[0-9]+\\.[0-9]+\\.[0-9]+$': 'a version such as "10.0.2"',
  '^KVM_CAP_[A-Z0-9_]+$': 'a capability such as KVM_CAP_ONE_REG',
  '^[A-Z][A-Z0-9_]*(-[0-9]+)?$': 'a register name such as LPCR, or a range such as FPR0-31',
  '^[A-Z][A-Z0-9_]* [0-9]+(-[0-9]+)?(, [A-Z][A-Z0-9_]* [0-9]+(-[0-9]+)?)*$':
    'fields and their bits such as "ILE 25, AIL 24-23"',
  '^arch/powerpc/[a-z0-9_/.]+: \\w+$':
    'a kernel file and a function such as "arch/powerpc/kvm/book3s_hv.c: kvmppc_set_lpcr"',
  '^[a-z0-9]+(-[a-z0-9]+)*$': 'lower-case words joined by "-"',
  '^[a-z]+(-[a-z]+)*$': 'lower-case words joined by "-"',
  '^[A-Za-z0-9_-]+(\\.[A-Za-z0-9_-]+)*$': 'names joined by "."',
};

/**
 * Whether `explainSchemaErrors` has words for a schema's pattern; a test asks for all of them.
 * @internal
 */
export function hasWordsFor(pattern: string): boolean {
  return pattern in PATTERN_WORDS;
}

/** How many faults of one file are shown. */
const SHOWN_FAULTS = 10;

/**
 * The faults that ajv found (with `allErrors` and `verbose`), one line each: the place, the value
 * there, and what is allowed, nearest first. Errors that repeat each other become one line.
 */
export function explainSchemaErrors(
  errors: readonly ErrorObject[],
  namePlace: PlaceNamer,
): string[] {
  const pointers = [...new Set(errors.map((error) => error.instancePath))];
  return pointers.flatMap((pointer) => {
    const place = namePlace(pointerParts(pointer));
    const hasDeeper = pointers.some((other) => other.startsWith(`${pointer}/`));
    const found = errors.filter((error) => error.instancePath === pointer);
    return placeFaults(found, hasDeeper).map((fault) => `${place}: ${fault}`);
  });
}

/** The error of a file with `faults`: the first one in the message, the first ten as evidence. */
export function invalidFile(
  code: string,
  what: string,
  faults: readonly string[],
  { hint }: { readonly hint: string },
): SprmatrixError {
  const [first = 'no reason known'] = faults;
  const more = faults.length - 1;
  const hidden = faults.length - SHOWN_FAULTS;
  return new SprmatrixError({
    code,
    message: `${what}: ${first}${more > 0 ? ` (and ${more} more)` : ''}`,
    evidence:
      more > 0
        ? [...faults.slice(0, SHOWN_FAULTS), ...(hidden > 0 ? [`and ${hidden} more`] : [])]
        : [],
    hint,
  });
}

/** `refused`, `0`, `errno` as "refused[0].errno"; a part that is no plain word is quoted and cut. */
export function fieldPath(parts: readonly string[]): string {
  const texts = parts.map((part, index) => {
    if (/^\d+$/.test(part)) return `[${part}]`;
    if (!/^[$\w-]{1,60}$/.test(part)) return `[${showValue(part)}]`;
    return index === 0 ? part : `.${part}`;
  });
  return texts.join('');
}

/** A value for a message: JSON, cut when it is long. */
export function showValue(value: unknown): string {
  const text = JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}

/** `allowed` as a list, those most like `value` first. */
function showAllowed(value: unknown, allowed: readonly unknown[]): string {
  const names = allowed.map((entry) => (typeof entry === 'string' ? entry : JSON.stringify(entry)));
  return typeof value === 'string'
    ? `${nearestFirst(value, names).join(', ')} (nearest first)`
    : names.join(', ');
}

/**
 * The errors of one place; those of an `anyOf` as one sentence that lists the alternatives. When a
 * deeper place is wrong too, its errors say more than "or null" and stand alone.
 */
function placeFaults(errors: readonly ErrorObject[], hasDeeper: boolean): string[] {
  const either = errors.find((error) => error.keyword === 'anyOf');
  const plain = errors.filter(
    (error) => error.keyword !== 'anyOf' && error.propertyName === undefined,
  );
  if (either === undefined) return plain.map(faultText);
  const ofFields = plain.filter((error) => !ALTERNATIVES.has(error.keyword));
  if (ofFields.length > 0) return ofFields.map(faultText);
  if (hasDeeper) return [];
  const wanted = [...new Set(plain.map(alternativeText))];
  return [`${showValue(either.data)} is not allowed; it must be ${joinOr(wanted)}`];
}

const ALTERNATIVES: ReadonlySet<string> = new Set(['type', 'const', 'enum', 'pattern']);

function faultText(error: ErrorObject): string {
  const { keyword, params, data } = error;
  switch (keyword) {
    case 'required':
      return `${showValue(params['missingProperty'])} is missing`;
    case 'additionalProperties': {
      const extra: unknown = params['additionalProperty'];
      const known = Object.keys(propertiesOf(error.parentSchema));
      return `${showValue(extra)} is no known field; allowed: ${showAllowed(extra, known)}`;
    }
    case 'propertyNames':
      return `${showValue(params['propertyName'])} is not allowed as a name; it must be ${wordsOfNames(error.schema)}`;
    case 'enum':
      return `${showValue(data)} is not allowed; allowed: ${showAllowed(data, listOf(params['allowedValues']))}`;
    case 'type':
    case 'const':
    case 'pattern':
      return `${showValue(data)} is not allowed; it must be ${alternativeText(error)}`;
    default:
      return `${showValue(data)} ${error.message ?? 'is not valid'}`;
  }
}

/** What one schema asks of a scalar, as in "it must be ...". */
function alternativeText({ keyword, params }: ErrorObject): string {
  switch (keyword) {
    case 'const':
      return JSON.stringify(params['allowedValue']);
    case 'enum':
      return joinOr(listOf(params['allowedValues']).map((value) => JSON.stringify(value)));
    case 'pattern':
      return wordsOfPattern(params['pattern']);
    default:
      return joinOr([params['type']].flat().map(typeText));
  }
}

function typeText(type: unknown): string {
  if (type === 'null') return 'null';
  return `${['array', 'object', 'integer'].includes(String(type)) ? 'an' : 'a'} ${String(type)}`;
}

function wordsOfNames(schema: unknown): string {
  return wordsOfPattern(isObject(schema) ? schema['pattern'] : undefined);
}

function wordsOfPattern(pattern: unknown): string {
  return PATTERN_WORDS[String(pattern)] ?? `like ${String(pattern)}`;
}

function joinOr(words: readonly string[]): string {
  return words.length < 2
    ? words.join('')
    : `${words.slice(0, -1).join(', ')} or ${words.at(-1) ?? ''}`;
}

function propertiesOf(schema: unknown): Record<string, unknown> {
  const properties = isObject(schema) ? schema['properties'] : undefined;
  return isObject(properties) ? properties : {};
}

function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The parts of a JSON pointer (RFC 6901). */
function pointerParts(pointer: string): string[] {
  return pointer
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
}
