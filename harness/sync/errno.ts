import { constants } from 'node:os';

/** Two names, one number: the one that Linux's own headers define first. */
const PREFERRED = ['EAGAIN', 'EOPNOTSUPP', 'EDEADLK'];

/**
 * Numbers that the C library does not know but a kernel can return from an ioctl
 * (include/linux/errno.h; 524 is not 95, ENOTSUP).
 */
const KERNEL_ONLY: readonly [number, string][] = [
  [512, 'ERESTARTSYS'],
  [524, 'ENOTSUPP'],
];

const names: ReadonlyMap<number, string> = new Map([
  ...Object.entries(constants.errno).map(([name, number]): [number, string] => [number, name]),
  ...Object.entries(constants.errno)
    .filter(([name]) => PREFERRED.includes(name))
    .map(([name, number]): [number, string] => [number, name]),
  ...KERNEL_ONLY,
]);

/**
 * The name of a negative errno: `errnoName(-22)` is `EINVAL`; a number without a name is `E<number>`.
 *
 * The numbers are those of the machine this runs on, while errors come from a ppc kernel. Both take
 * asm-generic/errno.h; ppc differs in EDEADLOCK alone (58 there, a synonym of EDEADLK, 35, here),
 * which KVM does not return.
 */
export function errnoName(error: number): string {
  return names.get(-error) ?? `E${-error}`;
}
