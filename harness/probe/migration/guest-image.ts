import type { GuestImage } from '../../record/guest-image.js';
import { findRegister } from '../../sync/register-table.js';
import { hexValue } from '../classify.js';
import type { ByteOrder } from '../guest/doubleword.js';
import type { SavedGuest } from './save-guest.js';
import { inByteOrder } from './word-pairs.js';

/** Where an image comes from. */
export type ImageOrigin = Pick<GuestImage, 'cell' | 'kernel' | 'machine' | 'kvm'>;

/** A saved guest as an image, the same on hosts of both byte orders. */
export function toImage(saved: SavedGuest, origin: ImageOrigin, guestOrder: ByteOrder): GuestImage {
  const hostOrder = origin.kernel.byteOrder;
  return {
    format: 1,
    ...origin,
    registers: hexValues(saved.registers, (name, value) => inByteOrder(name, value, hostOrder)),
    untouched: [...saved.untouched],
    guest: { byteOrder: guestOrder, seen: hexValues(saved.seen, (_, value) => value) },
  };
}

/**
 * The saved guest of an image, for a host of `hostOrder`. Registers that libsprsync does not have are
 * left out: the image may be of a newer one.
 */
export function fromImage(image: GuestImage, hostOrder: ByteOrder): SavedGuest {
  return {
    registers: valuesOf(image.registers, (name, value) => inByteOrder(name, value, hostOrder)),
    seen: valuesOf(image.guest.seen, (_, value) => value),
    untouched: new Set(image.untouched),
  };
}

type Turn = (name: string, value: bigint) => bigint;

function hexValues(values: ReadonlyMap<string, bigint>, turn: Turn): Record<string, string> {
  return Object.fromEntries(
    [...values].flatMap(([name, value]) => {
      const register = findRegister(name);
      return register === undefined ? [] : [[name, hexValue(turn(name, value), register)] as const];
    }),
  );
}

function valuesOf(values: Readonly<Record<string, string>>, turn: Turn): Map<string, bigint> {
  return new Map(
    Object.entries(values)
      .filter(([name]) => findRegister(name) !== undefined)
      .map(([name, value]) => [name, turn(name, BigInt(value))]),
  );
}
