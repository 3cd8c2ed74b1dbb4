import { duplexPair } from 'node:stream';
import { createInterface } from 'node:readline';
import { QmpMonitor } from '../qmp.js';

/** What QEMU's monitor was asked. */
interface Asked {
  readonly execute: string;
  readonly arguments: Readonly<Record<string, unknown>>;
  readonly id?: number;
}

/** A monitor whose QEMU is played by the test. */
export interface FakeMonitor {
  readonly monitor: QmpMonitor;
  /** The commands that came, in their order. */
  readonly commands: readonly string[];
  /** Tells an event, unasked. */
  readonly tell: (event: string, data?: object) => void;
}

/** `answers` gives what QEMU answers to a command; what it has none for is answered with {}. */
export function fakeMonitor(
  answers: Readonly<Record<string, (args: Asked['arguments']) => unknown>> = {},
): FakeMonitor {
  const [ours, qemus] = duplexPair();
  const commands: string[] = [];
  const say = (message: object): void => {
    qemus.write(`${JSON.stringify(message)}\n`);
  };
  createInterface({ input: qemus }).on('line', (line) => {
    const { execute, arguments: args, id } = JSON.parse(line) as Asked;
    commands.push(execute);
    if (id !== undefined) say({ id, return: answers[execute]?.(args) ?? {} });
  });
  return {
    monitor: new QmpMonitor(ours),
    commands,
    tell: (event, data) => {
      say({ event, data });
    },
  };
}
