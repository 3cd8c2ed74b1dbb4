import type { HostileCall, HostileResult } from '../../agent/hostile-calls.js';
import type { StateRecord } from '../../record/record.generated.js';
import type { Register } from '../../sync/register-table.js';
import { findRegisterById, registerTable, sizeOfId } from '../../sync/register-table.js';
import { answerName } from '../hostile/answers.js';
import { inPieces } from '../in-pieces.js';
import { KvmCalls, onVcpuFile } from '../states/kvm-calls.js';
import { StateAnswers } from '../states/state-answers.js';
import type { AskedVcpu, Interplay } from './asked-vcpus.js';
import { onVcpu } from './asked-vcpus.js';

/**
 * Whether a get writes all bytes of its size and none behind them, and a put reads none behind: the value
 * ends at a page that is not mapped, and is filled twice, with bytes of which each is another, so that
 * what was not written, and what leaks, is seen.
 */
export async function askGuardedMemory(of: Interplay): Promise<StateRecord> {
  const has = (direction: 'get' | 'put') => (register: Register) =>
    of.rows.get(register.name)?.[direction] === 'ok';
  const [readable, writable] = [
    registerTable().filter(has('get')),
    registerTable().filter(has('put')),
  ];
  const refused = registerTable().filter((register) => !has('get')(register));
  const answers = new StateAnswers();
  answers.say('asked', `${readable.length} gets, ${writable.length} puts`);
  await onVcpu(of, async (vcpu) => {
    await vcpu.putAll(of.holding, of.first);
    const kinds = ['memory', 'other-fill', 'edge', 'memory'] as const;
    const gets = await call(
      of,
      vcpu,
      readable.flatMap((register) => kinds.map((valueAt) => toCall(register.id, 'get', valueAt))),
    );
    readable.forEach((register, index) => {
      const fault = faultOfGets(register, gets.slice(index * 4, index * 4 + 4));
      if (fault !== undefined) answers.say(`${register.name}.get`, fault[0], fault[1]);
    });
    const ofAbsent = await call(
      of,
      vcpu,
      refused.map(({ id }) => toCall(id, 'get', 'memory')),
    );
    refused.forEach(({ name }, index) => {
      const { error = 0, extent = 0 } = ofAbsent[index] ?? {};
      if (error === 0 || extent === 0) return;
      answers.say(`${name}.get`, `${extent} bytes written, and ${answerName(error)}`, 'none');
    });
    const puts = await call(
      of,
      vcpu,
      writable.flatMap((register) =>
        (['memory', 'edge'] as const).map((valueAt) =>
          toCall(register.id, 'put', valueAt, of.first(register)),
        ),
      ),
    );
    writable.forEach((register, index) => {
      const [first, edge] = puts.slice(index * 2, index * 2 + 2);
      if (first === undefined || edge === undefined) return;
      if (first.error !== edge.error) {
        const what = `${answerName(edge.error)} for a value at the end of a page`;
        answers.say(`${register.name}.put`, what, answerName(first.error));
      } else if (first.extent > 0) {
        answers.say(`${register.name}.put`, `${first.extent} bytes written`, 'none');
      }
    });
    await saySregs(of, vcpu, answers);
  });
  return answers.record;
}

/** KVM_GET_SREGS writes the same into memory with zeros and with ones: all of it, and nothing by chance. */
async function saySregs(
  { host, options }: Interplay,
  { handle }: AskedVcpu,
  answers: StateAnswers,
): Promise<void> {
  const calls = new KvmCalls(host, options);
  const filled = async (byte: number): Promise<Buffer | undefined> => {
    const { result, structure } = await calls.fill(onVcpuFile(handle), 'GET_SREGS', byte);
    return result < 0 ? undefined : Buffer.from(structure);
  };
  const [zeros, ones, again] = [await filled(0), await filled(0xff), await filled(0)];
  if (zeros === undefined || ones === undefined || again === undefined) return;
  const odd = zeros.findIndex((byte, index) => byte !== ones[index] || byte !== again[index]);
  if (odd !== -1) answers.say('GET_SREGS', `another byte at ${odd}`, 'the same bytes');
}

function faultOfGets(
  { sizeBytes }: Register,
  results: readonly HostileResult[],
): readonly [string, string] | undefined {
  const [first, other, edge, last] = results;
  if (first === undefined || other === undefined || edge === undefined || last === undefined) {
    return undefined;
  }
  const extent = Math.max(first.extent, other.extent);
  if (extent > sizeBytes) return [`${extent} bytes written`, `${sizeBytes}`];
  if (edge.error !== first.error) {
    return [`${answerName(edge.error)} for a value at the end of a page`, answerName(first.error)];
  }
  if (first.error !== 0 || first.value !== last.value || first.value === other.value) {
    return undefined;
  }
  const unwritten = `0x${(first.value ^ other.value).toString(16)}`;
  return [`the bits ${unwritten} are those that were there before`, `${sizeBytes} bytes written`];
}

/**
 * Whether the index of a register is refused in every other size, got and put, and changes no register. The sizes are the eight
 * from 8 to 1024 bits; an id of another register is none of them.
 */
export async function askWrongSizes(of: Interplay): Promise<StateRecord> {
  const { holding } = of;
  const ids = registerTable().flatMap(({ id }) =>
    Array.from({ length: 8 }, (_, log2) => (id & ~(0xfn << 52n)) | (BigInt(log2) << 52n)),
  );
  const wrong = [...new Set(ids)].filter((id) => findRegisterById(id) === undefined);
  const answers = new StateAnswers();
  answers.say('asked', `${wrong.length} ids, got and put`);
  await onVcpu(of, async (vcpu) => {
    const calls = wrong.flatMap((id) => [
      toCall(id, 'get', 'memory'),
      toCall(id, 'put', 'memory', 0x5a5a_5a5a_5a5a_5a5an),
    ]);
    await vcpu.putAll(holding, of.first);
    const before = await vcpu.answers(holding);
    const results = await call(of, vcpu, calls);
    const after = await vcpu.answers(holding);
    holding.forEach(({ name }, index) => {
      const [was = '', is = ''] = [before[index], after[index]];
      if (was !== is) answers.say(`${name}.changed`, is, was);
    });
    calls.forEach(({ id, direction }, index) => {
      const result = results[index];
      if (result === undefined) return;
      const say = (answer: string, expected: string): void => {
        answers.say(`${nameOf(id)}.${sizeOfId(id) * 8}.${direction}`, answer, expected);
      };
      const name = answerName(result.error);
      if (name !== 'EINVAL' && name !== 'ENXIO') say(name, 'EINVAL or ENXIO');
      else if (result.extent > 0) say(`${result.extent} bytes written`, 'none');
    });
  });
  return answers.record;
}

/** The register that has an id's index in its own size. */
function nameOf(id: bigint): string {
  const index = id & ((1n << 52n) - 1n);
  const own = registerTable().find((register) => (register.id & ((1n << 52n) - 1n)) === index);
  return own?.name ?? `0x${id.toString(16)}`;
}

function toCall(
  id: bigint,
  direction: HostileCall['direction'],
  valueAt: HostileCall['valueAt'],
  value = 0n,
): HostileCall {
  return { id, direction, value, valueAt, argumentAt: 'memory' };
}

async function call(
  { host, options }: Interplay,
  { handle }: AskedVcpu,
  calls: readonly HostileCall[],
): Promise<HostileResult[]> {
  return inPieces(calls, (piece) =>
    host.hostileCalls(handle, 'vcpu', piece, { signal: options.signal }),
  );
}
