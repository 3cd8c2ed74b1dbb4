import type { HostileCall, HostileResult, PointerPlace } from '../agent/hostile-calls.js';
import { PROTOCOL_WINDOW } from '../agent/protocol.js';
import { viewMemory } from '../sync/library.js';
import { sizeOfId } from '../sync/register-table.js';
import { libc } from './libc.js';

/** As long as the largest value that an id's size field can name. */
const MEMORY_MIN = 65_536n;
/** The linear mapping of the kernel (arch/powerpc/include/asm/page.h). */
const KERNEL_ADDRESS = 0xc000_0000_0000_0000n;
/** sizeof(struct kvm_one_reg) */
const ARGUMENT_SIZE = 16;
const VALUE_SIZE = 16;

/** What the kernel does not write is known by where it stands. */
const PATTERN = Uint8Array.from({ length: PROTOCOL_WINDOW }, (_, index) => 0xa5 ^ (index * 7));
/** No bit of it is that of `PATTERN`. */
const OTHER_PATTERN = PATTERN.map((byte) => ~byte);

/**
 * Memory for every kind of address of a hostile call, little endian: the counterpart of the agent's
 * hostile.c. What is unmapped there is mapped without any access here, where another thread could
 * map something in its place.
 */
export class HostileMemory {
  readonly #values = new Places();
  readonly #arguments = new Places();

  /** Makes everything ready for a call; returns the address of its struct kvm_one_reg. */
  place(call: HostileCall): bigint {
    const address = this.#values.address(call.valueAt, sizeOfId(call.id));
    this.#values.write(call.valueAt, address, windowOf(call));
    const argument = Buffer.alloc(ARGUMENT_SIZE);
    argument.writeBigUInt64LE(call.id, 0);
    argument.writeBigUInt64LE(address, 8);
    const argumentAddress = this.#arguments.address(call.argumentAt, ARGUMENT_SIZE);
    this.#arguments.write(call.argumentAt, argumentAddress, argument);
    return argumentAddress;
  }

  /** What came of the call that was placed last; `returned` is 0 or a negative errno. */
  result(call: HostileCall, returned: number): HostileResult {
    const size = sizeOfId(call.id);
    const there = this.#values.read(call.valueAt, this.#values.address(call.valueAt, size));
    const before = windowOf(call);
    const changed = there.findLastIndex((byte, index) => byte !== before[index]);
    const hasValue = call.direction === 'get' && returned >= 0 && there.length >= VALUE_SIZE;
    return {
      error: Math.min(returned, 0),
      extent: changed + 1,
      value: hasValue ? integerOf(there.subarray(0, Math.min(size, VALUE_SIZE))) : 0n,
    };
  }

  close(): void {
    this.#values.close();
    this.#arguments.close();
  }
}

/** What stands at the value's address before a call. */
function windowOf({ id, direction, value, valueAt }: HostileCall): Uint8Array {
  if (direction === 'get') return valueAt === 'other-fill' ? OTHER_PATTERN : PATTERN;
  const window = Uint8Array.from(PATTERN);
  const size = Math.min(sizeOfId(id), VALUE_SIZE);
  for (let index = 0; index < VALUE_SIZE; index++) {
    window[index] = index < size ? Number((value >> BigInt(8 * index)) & 0xffn) : 0;
  }
  return window;
}

function integerOf(bytes: Uint8Array): bigint {
  return bytes.reduceRight((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
}

/** Pages: memory, one page without access, one that is read only. */
class Places {
  readonly #page = BigInt(libc().pageSize());
  readonly #size = 2n * this.#page > MEMORY_MIN ? 2n * this.#page : MEMORY_MIN;
  readonly #memory = libc().map(this.#size + 2n * this.#page);

  constructor() {
    libc().protect(this.#memory + this.#size, this.#page, 'none');
  }

  address(place: PointerPlace, size: number): bigint {
    const half = BigInt(Math.min(size, PROTOCOL_WINDOW) >> 1);
    switch (place) {
      case 'memory':
      case 'other-fill':
        return this.#memory;
      case 'edge':
        return this.#memory + this.#size - BigInt(size);
      case 'misaligned':
        return this.#memory + 1n;
      case 'two-pages':
        return this.#memory + this.#page - half;
      case 'last-page':
        return this.#memory + this.#size - half;
      case 'unmapped':
        return this.#memory + this.#size;
      case 'read-only':
        return this.#memory + this.#size + this.#page;
      case 'null':
        return 0n;
      case 'kernel':
        return KERNEL_ADDRESS;
    }
  }

  /** Writes as many bytes as there is memory for. */
  write(place: PointerPlace, address: bigint, bytes: Uint8Array): void {
    if (place === 'read-only') libc().protect(address, this.#page, 'all');
    this.#view(place, address).set(bytes.subarray(0, this.#view(place, address).length));
    if (place === 'read-only') libc().protect(address, this.#page, 'read');
  }

  /** A copy of what stands there, `PROTOCOL_WINDOW` bytes at most. */
  read(place: PointerPlace, address: bigint): Uint8Array {
    return Uint8Array.from(this.#view(place, address));
  }

  close(): void {
    libc().unmap(this.#memory, this.#size + 2n * this.#page);
  }

  #view(place: PointerPlace, address: bigint): Uint8Array {
    const end = this.#memory + this.#size;
    const left = place === 'read-only' ? this.#page : end - address;
    const isThere = place === 'read-only' || (address >= this.#memory && left > 0n);
    if (!isThere) return new Uint8Array(0);
    return viewMemory(address, Math.min(Number(left), PROTOCOL_WINDOW));
  }
}
