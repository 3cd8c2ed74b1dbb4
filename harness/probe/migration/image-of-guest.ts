import type { GuestImage } from '../../record/guest-image.js';
import { findRegister } from '../../sync/register-table.js';
import { hexValue } from '../classify.js';
import type { ByteOrder } from '../../base/byte-order.js';
import type { SavedGuest } from './save-guest.js';

/** Where an image comes from. */
export type ImageOrigin = Pick<GuestImage, 'cell' | 'kernel' | 'machine' | 'kvm'>;

/** A saved guest as an image, which libsprsync makes the same on hosts of both byte orders. */
export function toImage(saved: SavedGuest, origin: ImageOrigin, guestOrder: ByteOrder): GuestImage {
  return {
    format: 1,
    ...origin,
    registers: hexValues(saved.registers),
    untouched: [...saved.untouched],
    guest: { byteOrder: guestOrder, seen: hexValues(saved.seen) },
  };
}

/**
 * The saved guest of an image. Registers that libsprsync does not have are left out: the image may be of
 * a newer one.
 */
export function fromImage(image: GuestImage): SavedGuest {
  return {
    registers: valuesOf(image.registers),
    seen: valuesOf(image.guest.seen),
    untouched: new Set(image.untouched),
  };
}

function hexValues(values: ReadonlyMap<string, bigint>): Record<string, string> {
  return Object.fromEntries(
    [...values].flatMap(([name, value]) => {
      const register = findRegister(name);
      return register === undefined ? [] : [[name, hexValue(value, register)] as const];
    }),
  );
}

function valuesOf(values: Readonly<Record<string, string>>): Map<string, bigint> {
  return new Map(
    Object.entries(values)
      .filter(([name]) => findRegister(name) !== undefined)
      .map(([name, value]) => [name, BigInt(value)]),
  );
}
