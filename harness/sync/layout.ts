import koffi from 'koffi';

/**
 * The structures of `sprsync.h`, field by field: koffi lays them out as the C compiler of this machine
 * does, so that no size or offset is written down here. A test compares them with `native/abi.txt`, which
 * the compiler made.
 */
export const STRUCTURES = {
  sprsync_register: koffi.struct({
    id: 'uint64_t',
    cookie: 'uint64_t',
    name: 'const char *',
    group: 'const char *',
    spr: 'uint32_t',
    traits: 'uint32_t',
    level: 'uint8_t',
    flavours: 'uint8_t',
    directions: 'uint8_t',
    reserved: koffi.array('uint8_t', 5),
  }),
  sprsync_operation: koffi.struct({
    id: 'uint64_t',
    value: koffi.array('uint8_t', 16),
    direction: 'uint32_t',
    error: 'int32_t',
  }),
  sprsync_copy: koffi.struct({
    value: koffi.array('uint8_t', 16),
    synced: koffi.array('uint8_t', 16),
    is_valid: 'uint32_t',
    is_synced: 'uint32_t',
    reserved: 'uint64_t',
  }),
  sprsync_refusal: koffi.struct({ reg: 'void *', direction: 'uint32_t', error: 'int32_t' }),
  sprsync_index: koffi.struct({
    id_first: 'uint32_t',
    id_next: 'uint32_t',
    spr_first: 'uint32_t',
    spr_next: 'uint32_t',
    name_first: 'uint32_t',
    name_next: 'uint32_t',
  }),
  sprsync_registry: koffi.struct({
    registers: 'void *',
    index: 'void *',
    count: 'size_t',
    capacity: 'size_t',
  }),
  sprsync_backend: koffi.struct({
    call: koffi.pointer(koffi.proto('int', ['void *', 'int', 'uint64_t', 'void *'])),
    context: 'void *',
  }),
  sprsync_options: koffi.struct({
    capabilities: 'uint32_t',
    omitted: 'uint32_t',
    flags: 'uint32_t',
    reserved: 'uint32_t',
    refused: 'void *',
    filter: 'void *',
    load: 'void *',
    store: 'void *',
    context: 'void *',
  }),
} as const;

export type StructureName = keyof typeof STRUCTURES;

/** `sizeof(struct name)`. */
export function sizeOf(name: StructureName): number {
  return koffi.sizeof(STRUCTURES[name]);
}

/** `offsetof(struct name, field)`. */
export function offsetOf(name: StructureName, field: string): number {
  return koffi.offsetof(STRUCTURES[name], field);
}

/** The enumerators of `sprsync.h` that this side names; the same test compares them. */
export const CONSTANTS = {
  SPRSYNC_NO_SPR: 0xffff,
  SPRSYNC_PENDING: 1,
  SPRSYNC_ENCODED_SIZE: 32,
  SPRSYNC_GET: 1,
  SPRSYNC_PUT: 2,
  SPRSYNC_RUNTIME: 1,
  SPRSYNC_RESET: 2,
  SPRSYNC_FULL: 3,
  SPRSYNC_HV: 1,
  SPRSYNC_PR: 2,
  SPRSYNC_BOOKE: 4,
  SPRSYNC_WORDS: 1,
  SPRSYNC_CAP_ONE_REG: 1,
  SPRSYNC_CAP_HIOR: 2,
  SPRSYNC_RAW: 1,
} as const;
