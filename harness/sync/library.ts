import { existsSync } from 'node:fs';
import koffi from 'koffi';
import type { LibraryHandle } from 'koffi';
import { SprmatrixError } from '../base/error.js';
import { repositoryPath } from '../base/paths.js';
import { STRUCTURES } from './layout.js';

/** The libsprsync that this binding is written for: the version in `native/sprsync.h`. */
export const EXPECTED_VERSION = '0.1.0';

/** Memory that C reads or writes during a call: a buffer, or an address that stays. */
export type Memory = Uint8Array | bigint | null;

/** Plays `ioctl(2)`: returns what the call returns, or a negative errno. */
export type IoctlCallback = (
  context: bigint | null,
  fd: number,
  request: number,
  argument: bigint | null,
) => number;

/** `struct sprsync_backend`; null is the real `ioctl`. */
export type Backend = { readonly call: IoctlCallback; readonly context: null } | null;

/** `struct sprsync_options`; what is left out is zero. */
export interface Options {
  readonly capabilities: number;
  readonly flags: number;
}

/** `struct sprsync_register`, as koffi decodes it. */
export interface NativeRegister {
  readonly id: number | bigint;
  readonly name: string;
  readonly group: string;
  readonly spr: number;
  readonly traits: number;
  readonly level: number;
  readonly flavours: number;
  readonly directions: number;
}

/** The functions of `sprsync.h`, in its order. */
export interface Library {
  version(): number;
  tableCount(): number;
  tableRow(index: number): bigint | null;
  findId(id: bigint): bigint | null;
  overlaps(id: bigint, rows: Memory, capacity: number): number;
  idSize(id: bigint): number;
  registryInit(registry: Memory, storage: Memory, index: Memory, capacity: number): number;
  register(registry: Memory, register: Memory): number;
  checkCapabilities(backend: Backend, fd: number, capabilities: Memory): number;
  planGet(registry: Memory, options: Options, operations: Memory, capacity: number): number;
  planPut(
    registry: Memory,
    options: Options,
    level: number,
    copies: Memory,
    operations: Memory,
    capacity: number,
  ): number;
  execute(backend: Backend, vcpuFd: number, operations: Memory, count: number): number;
  commit(
    registry: Memory,
    options: Options,
    operations: Memory,
    count: number,
    copies: Memory,
    refusals: Memory,
    capacity: number,
  ): number;
  refusalText(refusal: Memory, text: Memory, size: number): number;
  encode(operations: Memory, count: number, bytes: Memory, size: number): number;
  decode(bytes: Memory, size: number, operations: Memory, capacity: number): number;
}

/** Its soname: before 1.0 each minor version has an ABI of its own. */
export const LIBRARY_NAME = `libsprsync.so.${EXPECTED_VERSION.split('.').slice(0, 2).join('.')}`;

/** Where `npm run build:native` puts the shared object. */
export function libraryPath(): string {
  return repositoryPath('build', 'native', LIBRARY_NAME);
}

let loaded: Library | undefined;

/** libsprsync, loaded at the first use, so that importing this module never fails. */
export function library(): Library {
  loaded ??= loadLibrary(libraryPath());
  return loaded;
}

/** Errors: `SPRSYNC_MISSING`, `SPRSYNC_UNUSABLE` (not a library of ours), `SPRSYNC_VERSION`. */
export function loadLibrary(path: string, expected = EXPECTED_VERSION): Library {
  const hint = 'run `npx sprmatrix setup`';
  if (!existsSync(path)) {
    throw new SprmatrixError({ code: 'SPRSYNC_MISSING', message: `${path}: not built yet`, hint });
  }
  let bound: Library;
  try {
    bound = bind(koffi.load(path));
  } catch (error) {
    const message = `${path}: not a usable libsprsync`;
    throw new SprmatrixError({ code: 'SPRSYNC_UNUSABLE', message, hint, cause: error });
  }
  const found = formatVersion(bound.version());
  if (found !== expected) {
    const message = `${path} is libsprsync ${found}; version ${expected} is expected`;
    throw new SprmatrixError({ code: 'SPRSYNC_VERSION', message, hint });
  }
  return bound;
}

function formatVersion(version: number): string {
  return [version >>> 16, (version >>> 8) & 0xff, version & 0xff].join('.');
}

function bind(handle: LibraryHandle): Library {
  const backend = koffi.pointer(STRUCTURES.sprsync_backend);
  const options = koffi.pointer(STRUCTURES.sprsync_options);
  const bindOne = (name: string, result: string, ...parameters: Parameter[]) =>
    handle.func(`sprsync_${name}`, result, parameters);
  // koffi's functions are untyped: their types are those of `Library`, checked by the tests.
  const functions: Record<keyof Library, unknown> = {
    version: bindOne('version', 'uint32_t'),
    tableCount: bindOne('table_count', 'size_t'),
    tableRow: bindOne('table_row', 'void *', 'size_t'),
    findId: bindOne('find_id', 'void *', 'uint64_t'),
    overlaps: bindOne('overlaps', 'size_t', 'uint64_t', 'void *', 'size_t'),
    idSize: bindOne('id_size', 'size_t', 'uint64_t'),
    registryInit: bindOne('registry_init', 'int', 'void *', 'void *', 'void *', 'size_t'),
    register: bindOne('register', 'int', 'void *', 'void *'),
    checkCapabilities: bindOne('check_capabilities', 'int', backend, 'int', 'void *'),
    planGet: bindOne('plan_get', 'int', 'void *', options, 'void *', 'size_t'),
    planPut: bindOne('plan_put', 'int', 'void *', options, 'int', 'void *', 'void *', 'size_t'),
    execute: bindOne('execute', 'int', backend, 'int', 'void *', 'size_t'),
    commit: bindOne(
      'commit',
      'int',
      'void *',
      options,
      'void *',
      'size_t',
      'void *',
      'void *',
      'size_t',
    ),
    refusalText: bindOne('refusal_text', 'int', 'void *', 'void *', 'size_t'),
    encode: bindOne('encode', 'int64_t', 'void *', 'size_t', 'void *', 'size_t'),
    decode: bindOne('decode', 'int64_t', 'void *', 'size_t', 'void *', 'size_t'),
  };
  return functions as Library;
}

type Parameter = string | ReturnType<typeof koffi.pointer>;

/** The `struct sprsync_register` at an address. */
export function decodeRegister(address: bigint): NativeRegister {
  return koffi.decode(address, STRUCTURES.sprsync_register) as NativeRegister;
}

/** Memory that does not move, for what C keeps a pointer to. Free it with `freeMemory`. */
export function allocateMemory(size: number): bigint {
  return koffi.alloc('uint8_t', size) as bigint;
}

export function freeMemory(address: bigint): void {
  koffi.free(address);
}

/** The bytes at an address, not a copy: valid as long as C's memory is. */
export function viewMemory(address: bigint, size: number): Uint8Array {
  return new Uint8Array(koffi.view(address, size));
}
