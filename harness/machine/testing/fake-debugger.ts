import type { Duplex } from 'node:stream';
import { duplexPair } from 'node:stream';

/** GDB's numbers of r3, of where the machine is, and of the MSR. */
export const [R3, NIP, MSR] = [3, 64, 65] as const;

/** A halted machine whose debugger stub is played by the test. */
export interface FakeDebugger {
  readonly stream: Duplex;
  readonly registers: Map<number, bigint>;
  /** Whether it runs by itself. */
  readonly state: { isRunning: boolean };
  /** What was asked for, but for registers' values. */
  readonly asked: readonly string[];
}

/**
 * A little-endian machine's stub as QEMU's: `step` is what a single step does to the machine.
 */
export function fakeDebugger(
  registers: ReadonlyMap<number, bigint>,
  step: (registers: Map<number, bigint>) => void,
): FakeDebugger {
  const [ours, qemus] = duplexPair();
  const now = new Map(registers);
  const asked: string[] = [];
  const state = { isRunning: true };
  const answer = (command: string): string => {
    const [, number = '', , value] = /^[pP]([0-9a-f]+)(=(.*))?$/.exec(command) ?? [];
    if (number === '') asked.push(command);
    const register = parseInt(number, 16);
    if (value !== undefined) now.set(register, Buffer.from(value, 'hex').readBigUInt64LE());
    else if (number !== '') return hex(now.get(register) ?? 0n);
    if (command === 's') {
      step(now);
      return 'T05thread:p01.01;';
    }
    if (command === 'D') state.isRunning = true;
    return command.startsWith('qSupported') ? 'PacketSize=1000' : 'OK';
  };
  qemus.on('data', (chunk: Buffer) => {
    const text = chunk.toString('latin1');
    if (text.includes('\x03')) {
      state.isRunning = false;
      qemus.write('$T02thread:p01.01;#00');
    }
    for (const [, command = ''] of text.matchAll(/\$([^#]*)#/g)) {
      qemus.write('+');
      qemus.write(`$${answer(command)}#00`);
    }
  });
  return { stream: ours, registers: now, state, asked };
}

function hex(value: bigint): string {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(value);
  return bytes.toString('hex');
}
