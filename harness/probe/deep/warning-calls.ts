import type { Operation } from '../../sync/operation.js';
import type { Register } from '../../sync/register-table.js';
import { registerTable } from '../../sync/register-table.js';
import type { Interplay } from '../interplay/asked-vcpus.js';
import { onVcpu } from '../interplay/asked-vcpus.js';
import { get, put } from '../one-reg.js';
import { allOnes, distinctValue } from '../patterns.js';
import type { LogWatch } from './log-watch.js';

/** Calls of a kind, one for each register, whether it is there or not. */
const KINDS: readonly (readonly [name: string, call: (register: Register) => Operation])[] = [
  ['get', get],
  ['put', (register) => put(register, distinctValue(register))],
  ['put-zero', (register) => put(register, 0n)],
  ['put-ones', (register) => put(register, allOnes(register))],
];

/** More culprits than these name none any better. */
const MAX_NAMED = 8;

/**
 * Whether a single call leaves a warning in the kernel's log: each kind of call of all registers on a
 * fresh vCPU, and, where the kernel warned, of halves of them, down to the register. What a kernel warns
 * of once only is named by its batch.
 */
export async function askWarningCalls(of: Interplay, log: LogWatch): Promise<void> {
  for (const [kind, call] of KINDS) {
    const warned = await warningsOf(registerTable());
    if (warned === undefined) {
      log.say(`calls.${kind}`, []);
      continue;
    }
    const culprits = await culpritsAmong(registerTable());
    if (culprits.length === 0) log.say(`calls.${kind}`, [warned]);
    for (const [name, warning] of culprits) log.say(`${name}.${kind}`, [warning]);

    async function warningsOf(registers: readonly Register[]): Promise<string | undefined> {
      await onVcpu(of, async (vcpu) => vcpu.run(registers.map(call)));
      return (await log.warnings())[0];
    }

    async function culpritsAmong(
      registers: readonly Register[],
    ): Promise<(readonly [name: string, warning: string])[]> {
      const found: (readonly [string, string])[] = [];
      const left = [registers];
      for (let some = left.pop(); some !== undefined; some = left.pop()) {
        const warning = found.length < MAX_NAMED ? await warningsOf(some) : undefined;
        if (warning === undefined) continue;
        const [only, ...others] = some;
        if (only !== undefined && others.length === 0) found.push([only.name, warning]);
        else left.push(some.slice(some.length >> 1), some.slice(0, some.length >> 1));
      }
      return found;
    }
  }
}
