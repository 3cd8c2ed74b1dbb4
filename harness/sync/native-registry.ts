import { SprmatrixError } from '../base/error.js';
import { errnoName } from './errno.js';
import { CONSTANTS, offsetOf, sizeOf } from './layout.js';
import { allocateMemory, freeMemory, library, viewMemory } from './library.js';
import { directionMask, flavourMask, levelNumber, sprNumber } from './register-table.js';
import type { RegisterDefinition } from './register-table.js';

/** `sizeof(struct sprsync_register)`. */
export const REGISTER_SIZE = sizeOf('sprsync_register');

const INDEX_SIZE = sizeOf('sprsync_index');
const AT = {
  id: offsetOf('sprsync_register', 'id'),
  name: offsetOf('sprsync_register', 'name'),
  group: offsetOf('sprsync_register', 'group'),
  spr: offsetOf('sprsync_register', 'spr'),
  traits: offsetOf('sprsync_register', 'traits'),
  level: offsetOf('sprsync_register', 'level'),
  flavours: offsetOf('sprsync_register', 'flavours'),
  directions: offsetOf('sprsync_register', 'directions'),
} as const;

/**
 * A `struct sprsync_registry` with its registers. C keeps pointers to the storage and to the names,
 * so these are in memory that does not move, one block, freed by disposing.
 */
export class NativeRegistry implements Disposable {
  /** The address of the first `struct sprsync_register`. */
  readonly storage: bigint;
  readonly #memory = Buffer.alloc(sizeOf('sprsync_registry'));
  #isFreed = false;

  constructor(registers: readonly RegisterDefinition[]) {
    const texts = Buffer.from(registers.map(({ name, group }) => `${name}\0${group}\0`).join(''));
    const indexAt = registers.length * REGISTER_SIZE;
    const textsAt = indexAt + registers.length * INDEX_SIZE;
    this.storage = allocateMemory(textsAt + texts.length + 1);
    const index = this.storage + BigInt(indexAt);
    const error = library().registryInit(this.#memory, this.storage, index, registers.length);
    if (error !== 0) throw new RangeError(`a registry of ${registers.length}: ${errnoName(error)}`);
    viewMemory(this.storage + BigInt(textsAt), texts.length + 1).set(texts);
    let text = this.storage + BigInt(textsAt);
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
    row.writeBigUInt64LE(register.id, AT.id);
    row.writeBigUInt64LE(name, AT.name);
    row.writeBigUInt64LE(group, AT.group);
    row.writeUInt32LE(sprNumber(register.spr), AT.spr);
    row.writeUInt32LE(register.isWords === true ? CONSTANTS.SPRSYNC_WORDS : 0, AT.traits);
    row.writeUInt8(levelNumber(register.level), AT.level);
    row.writeUInt8(flavourMask(register.flavours), AT.flavours);
    row.writeUInt8(directionMask(register.directions), AT.directions);
    const error = library().register(this.#memory, row);
    if (error === 0) return;
    this[Symbol.dispose]();
    throw new SprmatrixError({
      code: 'SPRSYNC_FAILED',
      message: `registering ${register.name} (0x${register.id.toString(16)}): ${errnoName(error)}`,
    });
  }
}
