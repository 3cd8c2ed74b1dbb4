import koffi from 'koffi';

/**
 * The C library's calls that /dev/kvm is reached by. Each returns what C does, or a negative errno
 * instead of -1.
 */
export interface Libc {
  open(path: string, flags: number): number;
  close(fd: number): number;
  /** `argument` is what the request points to, or the number that is passed instead. */
  ioctl(fd: number, request: number, argument: Uint8Array | number): number;
}

export const O_RDWR = 2;
export const O_CLOEXEC = 0o2000000;

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
  return {
    open: (path, flags) => open(path, flags, 'int', 0),
    close: call('int close(int fd)'),
    ioctl: (fd, request, argument) =>
      ioctl(fd, request, typeof argument === 'object' ? 'void *' : 'uintptr_t', argument),
  };
}
