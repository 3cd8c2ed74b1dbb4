import { span } from '../base/trace.js';
import { errnoName } from '../sync/errno.js';
import type { Operation } from '../sync/operation.js';
import { PENDING } from '../sync/operation.js';
import { registerTable, sizeOfId } from '../sync/register-table.js';
import type { RequestName } from './protocol.js';

/** A ONE_REG call as the transcript tells it; `where` says what is odd about its addresses. */
export interface NotedCall extends Operation {
  readonly where?: string | undefined;
}

interface Exchange {
  readonly atMs: number;
  readonly request: RequestName;
  /** What came of it, in a few words; undefined while the answer is awaited. */
  outcome: string | undefined;
  /** ONE_REG calls: as they were asked, then as they were answered. */
  operations: readonly NotedCall[];
}

/**
 * The requests of an agent and their answers, kept as data and made text only when somebody wants
 * to read them: a cell makes some 30,000 ONE_REG calls.
 */
export class Transcript {
  readonly #startedAt = performance.now();
  readonly #exchanges: Exchange[] = [];

  /** Notes a request; the function that it returns notes what came of it. */
  begin(
    request: RequestName,
    operations: readonly NotedCall[] = [],
  ): (outcome: string, executed?: readonly NotedCall[]) => void {
    const atMs = performance.now() - this.#startedAt;
    const end = span('agent', request, { calls: operations.length });
    const exchange: Exchange = { atMs, request, outcome: undefined, operations };
    this.#exchanges.push(exchange);
    return (outcome, executed) => {
      end();
      exchange.outcome = outcome;
      exchange.operations = executed ?? operations;
    };
  }

  /**
   * A line for each request, with the seconds since the agent answered first, and below an EXECUTE
   * a line for each ONE_REG call: the value that was put or got, or the errno.
   */
  text(): string {
    const labels = new Map(
      registerTable().map(({ id, name, sizeBytes }) => [id, { name, digits: sizeBytes * 2 }]),
    );
    // Grown piece by piece: a list of 40,000 lines, to be joined, takes twice the time.
    let text = '';
    for (const { atMs, request, outcome, operations } of this.#exchanges) {
      text += `+${(atMs / 1000).toFixed(3)} ${request}: ${outcome ?? 'no answer came'}\n`;
      for (const operation of operations) text += `${operationText(operation, labels)}\n`;
    }
    return text;
  }
}

interface Label {
  readonly name: string;
  /** Of a value in hex. */
  readonly digits: number;
}

function operationText(operation: NotedCall, labels: ReadonlyMap<bigint, Label>): string {
  const { id, direction, value, error, where } = operation;
  const { name, digits } = labels.get(id) ?? {
    name: `0x${id.toString(16)}`,
    // Of a value that is longer, its first 16 bytes are known.
    digits: Math.min(sizeOfId(id), 16) * 2,
  };
  const hasValue = direction === 'put' || error === 0;
  const hex = hasValue ? ` 0x${value.toString(16).padStart(digits, '0')}` : '';
  const outcome = error === 0 ? '' : error === PENDING ? ' not answered' : ` ${errnoName(error)}`;
  const place = where === undefined ? '' : ` (${where})`;
  return `  ${direction} ${name}${hex}${place}${outcome}`;
}
