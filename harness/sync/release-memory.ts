import koffi from 'koffi';

let trim: ((padding: number) => number) | undefined;

/**
 * Gives what is free of the C library's memory back to the machine. glibc keeps it, in an arena for each
 * thread that ever asked for some, and over a whole matrix that comes to 60 MB. A C library without
 * malloc_trim(3) is left as it is.
 */
export function releaseFreeMemory(): void {
  trim ??= findTrim();
  trim(0);
}

function findTrim(): (padding: number) => number {
  try {
    return koffi.load('libc.so.6').func('int malloc_trim(size_t)') as (padding: number) => number;
  } catch {
    return () => 0;
  }
}
