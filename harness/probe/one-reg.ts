import type { Operation } from '../sync/operation.js';
import type { Register } from '../sync/register-table.js';

/** A KVM_GET_ONE_REG to be made: its error is no errno until it was. */
export function get({ id }: Pick<Register, 'id'>): Operation {
  return { id, direction: 'get', value: 0n, error: 1 };
}

/** A KVM_SET_ONE_REG to be made. */
export function put({ id }: Pick<Register, 'id'>, value: bigint): Operation {
  return { id, direction: 'put', value, error: 1 };
}
