import koffi from 'koffi';

/**
 * The C library's calls that KVM is reached by. Each returns what C does, or a negative errno
 * instead of -1.
 */
export interface Libc {
  open(path: string, flags: number): number;
  close(fd: number): number;
  dup(fd: number): number;
  /** `argument` is what the request points to, or the number that is passed instead. */
  ioctl(fd: number, request: number, argument: Uint8Array | number | bigint): number;
  /** The address of pages for reading and writing: those of `fd`, shared, or private zeroed ones. */
  map(size: bigint, fd?: number): bigint;
  unmap(address: bigint, size: bigint): number;
  protect(address: bigint, size: bigint, access: PageAccess): number;
  /** Bytes. */
  pageSize(): number;
  threadId(): number;
  /** Of this thread; `set` is a sigset_t. */
  blockSignals(set: Uint8Array): number;
  /** `event` is a struct sigevent; the timer_t is written to `timer`. */
  createTimer(clock: number, event: Uint8Array, timer: BigUint64Array): number;
  /** `time` is a struct itimerspec. */
  setTimer(timer: bigint, time: BigUint64Array): number;
  /** The number of a pending signal of `set`, which is taken without waiting. */
  takeSignal(set: Uint8Array): number;
}

/** What may be done with pages: PROT_ of mprotect(2). */
const PAGE_ACCESS = { none: 0, read: 1, all: 3 } as const;
export type PageAccess = keyof typeof PAGE_ACCESS;

export const O_RDWR = 2;
export const O_CLOEXEC = 0o2000000;
const PROT_READ_WRITE = 3;
const MAP_SHARED = 1;
const MAP_PRIVATE_ANONYMOUS = 0x22;
const SIG_BLOCK = 0;
const SC_PAGESIZE = 30;

let bound: Libc | undefined;

/** The C library of this process, bound at the first use; the constants are those of Linux. */
export function libc(): Libc {
  bound ??= bind();
  return bound;
}

type Call = (...values: unknown[]) => number;

function bind(): Libc {
  const library = koffi.load(null);
  // koffi's functions are untyped: their types are those of `Libc`, checked on a real machine.
  const call = (definition: string): Call => {
    const run = library.func(definition) as Call;
    return (...values) => {
      const result = run(...values);
      return result === -1 ? -koffi.errno() : result;
    };
  };
  const open = call('int open(const char *path, int flags, ...)');
  const ioctl = call('int ioctl(int fd, unsigned long request, ...)');
  const mmap = call('intptr_t mmap(void *, size_t, int, int, int, int64_t)') as unknown as (
    ...values: unknown[]
  ) => number | bigint;
  const munmap = call('int munmap(uintptr_t address, size_t size)');
  const mprotect = call('int mprotect(uintptr_t address, size_t size, int access)');
  const sysconf = call('long sysconf(int name)');
  const sigprocmask = call('int sigprocmask(int how, const void *set, void *old)');
  const timerSettime = call('int timer_settime(uintptr_t, int, const void *time, void *old)');
  const sigtimedwait = call('int sigtimedwait(const void *set, void *info, const void *time)');
  return {
    open: (path, flags) => open(path, flags, 'int', 0),
    close: call('int close(int fd)'),
    dup: call('int dup(int fd)'),
    ioctl: (fd, request, argument) =>
      ioctl(fd, request, typeof argument === 'object' ? 'void *' : 'uintptr_t', argument),
    map: (size, fd) =>
      BigInt(
        fd === undefined
          ? mmap(null, size, PROT_READ_WRITE, MAP_PRIVATE_ANONYMOUS, -1, 0)
          : mmap(null, size, PROT_READ_WRITE, MAP_SHARED, fd, 0),
      ),
    unmap: munmap,
    protect: (address, size, access) => mprotect(address, size, PAGE_ACCESS[access]),
    pageSize: () => sysconf(SC_PAGESIZE),
    threadId: call('int gettid()'),
    blockSignals: (set) => sigprocmask(SIG_BLOCK, set, null),
    createTimer: call('int timer_create(int clock, void *event, void *timer)'),
    setTimer: (timer, time) => timerSettime(timer, 0, time, null),
    takeSignal: (set) => sigtimedwait(set, null, new BigUint64Array(2)),
  };
}
