import { SprmatrixError } from '../error.js';

/** The error that `work` throws. Any other outcome fails the test. */
export function errorOf(work: () => unknown): SprmatrixError {
  try {
    work();
  } catch (error) {
    if (error instanceof SprmatrixError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

/** The error that `work` rejects with. Any other outcome fails the test. */
export async function rejectionOf(work: Promise<unknown>): Promise<SprmatrixError> {
  try {
    await work;
  } catch (error) {
    if (error instanceof SprmatrixError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}
