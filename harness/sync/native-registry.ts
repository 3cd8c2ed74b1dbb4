import { SprmatrixError } from '../base/error.js';
import { errnoName } from './errno.js';
import { allocateMemory, freeMemory, library, viewMemory } from './library.js';
import { flavourMask, levelNumber, sprNumber } from './register-table.js';
import type { RegisterDefinition } from './register-table.js';

/** `sizeof(struct sprsync_register)`. */
export const REGISTER_SIZE = 32;

const REGISTRY_SIZE = 24;

/**
 * A `struct sprsync_registry` with its registers. C keeps pointers to the storage and to the names,
 * so these are in memory that does not move, one block, freed by disposing.
 */
export class NativeRegistry implements Disposable {
  /** The address of the first `struct sprsync_register`. */
  readonly storage: bigint;
  readonly #memory = Buffer.alloc(REGISTRY_SIZE);
  #isFreed = false;

  constructor(registers: readonly RegisterDefinition[]) {
    const texts = Buffer.from(registers.map(({ name, group }) => `${name}\0${group}\0`).join(''));
    const storageSize = registers.length * REGISTER_SIZE;
    this.storage = allocateMemory(storageSize + texts.length + 1);
    library().registryInit(this.#memory, this.storage, registers.length);
    viewMemory(this.storage + BigInt(storageSize), texts.length + 1).set(texts);
    let text = this.storage + BigInt(storageSize);
    for (const register of registers) {
      const group = text + BigInt(Buffer.byteLength(register.name) + 1);
      this.#register(register, text, group);
      text = group + BigInt(Buffer.byteLength(register.group) + 1);
    }
  }

  /** The `struct sprsync_registry`. */
  get memory(): Buffer {
    if (this.#isFreed) throw new Error('the registers were disposed of');
    return this.#memory;
  }

  [Symbol.dispose](): void {
    if (this.#isFreed) return;
    this.#isFreed = true;
    freeMemory(this.storage);
  }

  #register(register: RegisterDefinition, name: bigint, group: bigint): void {
    const row = Buffer.alloc(REGISTER_SIZE);
    row.writeBigUInt64LE(register.id, 0);
    row.writeBigUInt64LE(name, 8);
    row.writeBigUInt64LE(group, 16);
    row.writeUInt32LE(sprNumber(register.spr), 24);
    row.writeUInt8(levelNumber(register.level), 28);
    row.writeUInt8(flavourMask(register.flavours), 29);
    const error = library().register(this.#memory, row);
    if (error === 0) return;
    this[Symbol.dispose]();
    throw new SprmatrixError({
      code: 'SPRSYNC_FAILED',
      message: `registering ${register.name} (0x${register.id.toString(16)}): ${errnoName(error)}`,
    });
  }
}
