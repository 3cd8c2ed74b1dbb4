import { SprmatrixError } from '../base/error.js';
import { errnoName } from './errno.js';
import { capabilityMask, executeOperations, throwIfNegative } from './ioctl.js';
import type { Capabilities, KvmFile } from './ioctl.js';
import { CONSTANTS, offsetOf, sizeOf } from './layout.js';
import type { Options } from './library.js';
import { library } from './library.js';
import { fromNative, OPERATION_SIZE, toNative } from './native-operations.js';
import type { Operation } from './native-operations.js';
import { NativeRegistry, REGISTER_SIZE } from './native-registry.js';
import { levelNumber } from './register-table.js';
import type { Level, RegisterDefinition } from './register-table.js';

const NOTHING: Capabilities = { oneReg: false, hior: false };

/** A register that the kernel refused. */
export interface Refusal {
  readonly register: RegisterDefinition;
  readonly direction: 'get' | 'put';
  /** A negative errno. */
  readonly error: number;
  /** The library's line about it: `cannot put SPR 318 (LPCR): Invalid argument`. */
  readonly text: string;
}

const COPY = {
  size: sizeOf('sprsync_copy'),
  value: offsetOf('sprsync_copy', 'value'),
  valid: offsetOf('sprsync_copy', 'is_valid'),
} as const;
/** Where a `struct sprsync_operation` has its value. */
const VALUE = {
  start: offsetOf('sprsync_operation', 'value'),
  end: offsetOf('sprsync_operation', 'direction'),
} as const;
const REFUSAL = {
  size: sizeOf('sprsync_refusal'),
  register: offsetOf('sprsync_refusal', 'reg'),
  direction: offsetOf('sprsync_refusal', 'direction'),
  error: offsetOf('sprsync_refusal', 'error'),
  textSize: 256,
} as const;

/**
 * The copy that a VMM keeps of registered registers (`struct sprsync_registry` and its copies):
 * plan, execute elsewhere, commit, or all three with `get` and `put`. Holds memory of C's:
 * `using state = new RegisterState(registers)`.
 */
export class RegisterState implements Disposable {
  readonly #registry: NativeRegistry;
  readonly #copies: Buffer;
  readonly #index: ReadonlyMap<string, number>;

  /**
   * `raw` plans every register in both directions, and overlapping copies as they are: to ask what a kernel
   * does, and not to run a guest. `SPRSYNC_FAILED` when a register is no valid one or there twice.
   */
  constructor(
    readonly registers: readonly RegisterDefinition[],
    private readonly raw: 'raw' | 'as a VMM' = 'as a VMM',
  ) {
    this.#registry = new NativeRegistry(registers);
    this.#copies = Buffer.alloc(registers.length * COPY.size);
    this.#index = new Map(registers.map(({ name }, index) => [name, index]));
  }

  /** The copy of a register; undefined until it was got or set. */
  value(name: string): bigint | undefined {
    const at = this.#offsetOf(name);
    if (this.#copies.readUInt32LE(at + COPY.valid) === 0) return undefined;
    const value = at + COPY.value;
    return (this.#copies.readBigUInt64LE(value + 8) << 64n) | this.#copies.readBigUInt64LE(value);
  }

  /** Changes the copy, for the next put; undefined: the next put leaves the register alone. */
  setValue(name: string, value: bigint | undefined): void {
    const at = this.#offsetOf(name);
    const id = this.registers[at / COPY.size]?.id ?? 0n;
    const put = toNative([{ id, direction: 'put', value: value ?? 0n, error: 0 }]);
    put.copy(this.#copies, at + COPY.value, VALUE.start, VALUE.end);
    this.#copies.writeUInt32LE(value === undefined ? 0 : 1, at + COPY.valid);
  }

  /** The operations that get every register. */
  planGet(capabilities: Capabilities): Operation[] {
    const buffer = Buffer.alloc(this.registers.length * OPERATION_SIZE);
    const count = library().planGet(
      this.#registry.memory,
      this.#options(capabilities),
      buffer,
      this.registers.length,
    );
    throwIfNegative(count, 'planning a get');
    return fromNative(buffer, count);
  }

  /** The operations that put, at a level, every register whose copy is known. */
  planPut(capabilities: Capabilities, level: Level): Operation[] {
    const buffer = Buffer.alloc(this.registers.length * OPERATION_SIZE);
    const count = library().planPut(
      this.#registry.memory,
      this.#options(capabilities),
      levelNumber(level),
      this.#copies,
      buffer,
      this.registers.length,
    );
    throwIfNegative(count, `planning a put at level ${level}`);
    return fromNative(buffer, count);
  }

  /** Takes executed operations back: got values into the copy; returns what was refused. */
  commit(operations: readonly Operation[]): Refusal[] {
    const buffer = Buffer.alloc(operations.length * REFUSAL.size);
    const count = library().commit(
      this.#registry.memory,
      this.#options(NOTHING),
      toNative(operations),
      operations.length,
      this.#copies,
      buffer,
      operations.length,
    );
    throwIfNegative(count, `committing ${operations.length} operations`);
    return Array.from({ length: count }, (_, index) =>
      this.#readRefusal(buffer.subarray(index * REFUSAL.size, (index + 1) * REFUSAL.size)),
    );
  }

  /** Gets every register from a vCPU. */
  get(vcpu: KvmFile, capabilities: Capabilities): Refusal[] {
    return this.commit(executeOperations(vcpu, this.planGet(capabilities)));
  }

  /** Puts the registers of a level, and of those below it, to a vCPU. */
  put(vcpu: KvmFile, capabilities: Capabilities, level: Level): Refusal[] {
    return this.commit(executeOperations(vcpu, this.planPut(capabilities, level)));
  }

  [Symbol.dispose](): void {
    this.#registry[Symbol.dispose]();
  }

  #options(capabilities: Capabilities): Options {
    return {
      capabilities: capabilityMask(capabilities),
      flags: this.raw === 'raw' ? CONSTANTS.SPRSYNC_RAW : 0,
    };
  }

  #offsetOf(name: string): number {
    const index = this.#index.get(name);
    if (index === undefined) {
      throw new SprmatrixError({
        code: 'SPRSYNC_FAILED',
        message: `${name} is not registered: ${errnoName(-2)}`,
      });
    }
    return index * COPY.size;
  }

  #readRefusal(refusal: Buffer): Refusal {
    const index =
      Number(refusal.readBigUInt64LE(REFUSAL.register) - this.#registry.storage) / REGISTER_SIZE;
    const register = this.registers[index];
    if (register === undefined) throw new RangeError(`refusal of register ${index}`);
    const text = Buffer.alloc(REFUSAL.textSize);
    const length = library().refusalText(refusal, text, text.length);
    return {
      register,
      direction: refusal.readUInt32LE(REFUSAL.direction) === CONSTANTS.SPRSYNC_GET ? 'get' : 'put',
      error: refusal.readInt32LE(REFUSAL.error),
      text: text.toString('utf8', 0, Math.min(length, text.length - 1)),
    };
  }
}
