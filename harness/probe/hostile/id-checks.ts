import type { HostileCall, HostileResult } from '../../agent/hostile-calls.js';
import type { Operation } from '../../sync/operation.js';
import { findRegisterById, sizeOfId } from '../../sync/register-table.js';
import { get } from '../one-reg.js';
import { answerName, Answers } from './answers.js';
import type { HostileVcpu } from './hostile-vcpu.js';
import { call, execute } from './hostile-vcpu.js';

const UNKNOWN_EXPECTED = 'EINVAL or ENXIO';
const ANY_VALUE = 0x5a5a_5a5a_5a5a_5a5a_5a5a_5a5a_5a5a_5a5an;

/**
 * Gets every id, and puts those that no register has: these are refused, and the others answer as the
 * register does to libsprsync.
 */
export async function askIds(vcpu: HostileVcpu, ids: readonly bigint[]): Promise<Answers> {
  const known = ids.filter((id) => findRegisterById(id) !== undefined);
  const unknown = ids.filter((id) => findRegisterById(id) === undefined);
  const gets = known.map((id) => get({ id }));
  const before = await execute(vcpu, gets);
  const calls = [
    ...known.map((id) => callOf(id, 'get')),
    ...unknown.flatMap((id) => [callOf(id, 'get'), callOf(id, 'put')]),
  ];
  const results = await call(vcpu, calls);
  const after = await execute(vcpu, gets);
  const answers = new Answers();
  calls.forEach((made, index) => {
    const result = results[index];
    if (result === undefined) return;
    answers.count(result.error);
    const [first, second] = [before[index], after[index]];
    if (first !== undefined && second !== undefined) judgeKnown(answers, result, first, second);
    else judgeUnknown(answers, made, result);
  });
  return answers;
}

function callOf(id: bigint, direction: HostileCall['direction']): HostileCall {
  const value = direction === 'put' ? ANY_VALUE : 0n;
  return { id, direction, value, valueAt: 'memory', argumentAt: 'memory' };
}

function judgeUnknown(
  answers: Answers,
  { id, direction }: HostileCall,
  result: HostileResult,
): void {
  const name = answerName(result.error);
  const text = `${direction} ${idText(id)}`;
  if (name !== 'EINVAL' && name !== 'ENXIO') {
    const value =
      direction === 'get' && result.error === 0 ? ` 0x${result.value.toString(16)}` : '';
    answers.note(text, UNKNOWN_EXPECTED, `${name}${value}`);
  }
  // A get that is refused has nothing to write, and a put never has.
  if (result.extent > 0 && (direction === 'put' || result.error !== 0)) {
    answers.note(text, 'nothing written', `${result.extent} bytes written`);
  }
}

function judgeKnown(
  answers: Answers,
  result: HostileResult,
  before: Operation,
  after: Operation,
): void {
  const { id } = before;
  const text = `get ${idText(id)}`;
  if (result.extent > sizeOfId(id)) {
    answers.note(text, `${sizeOfId(id)} bytes written`, `${result.extent} bytes written`);
  }
  const moves = before.value !== after.value || before.error !== after.error;
  if (moves || (result.error === before.error && result.value === before.value)) return;
  answers.note(text, answerText(before), answerText(result));
}

function answerText({ error, value }: Pick<Operation, 'error' | 'value'>): string {
  return error === 0 ? `0x${value.toString(16)}` : answerName(error);
}

/** An id as people read it, with the register that has it. */
export function idText(id: bigint): string {
  const register = findRegisterById(id);
  const hex = `0x${id.toString(16).padStart(16, '0')}`;
  return register === undefined ? hex : `${hex} (${register.name})`;
}
