import { existsSync } from 'node:fs';
import { expect, test } from '@playwright/test';
import { errorOf } from '../base/testing/errors.js';
import { agentForCell, agentPath } from './agent-binary.js';
import type { Platform } from './platforms.js';
import { loadPlatforms } from './platforms.js';

function platform(byteOrders: Platform['byteOrders']): Platform {
  const [first] = loadPlatforms();
  if (first === undefined) throw new Error('no platforms');
  return { ...first, id: 'powernv8', byteOrders };
}

test('a kernel gets the agent of its byte order', () => {
  const both = platform(['little', 'big']);
  expect(agentForCell('k/powernv8', both, { byteOrder: 'little' })).toMatch(/ppc64le\/agent$/);
  expect(agentPath('big')).toMatch(/ppc64\/agent$/);
});

test('a big-endian kernel cannot run without its agent, which is reported', () => {
  test.skip(existsSync(agentPath('big')), 'this machine has built it');
  const error = errorOf(() =>
    agentForCell('k/powernv8', platform(['little', 'big']), { byteOrder: 'big' }),
  );
  expect([error.code, error.message]).toEqual([
    'CELL_CANNOT_RUN',
    'k/powernv8: the big-endian agent is not built; `npm run setup -- --big-endian` builds it',
  ]);
});

test('a kernel of a byte order that the platform does not boot cannot run', () => {
  const error = errorOf(() => agentForCell('k/p', platform(['big']), { byteOrder: 'little' }));
  expect([error.code, error.message]).toEqual([
    'CELL_CANNOT_RUN',
    'k/p: powernv8 boots no little-endian kernel',
  ]);
});
