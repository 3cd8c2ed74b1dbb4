import { sha256 } from './files.js';

/** What a name in the cache has of the content that it depends on. */
export function shortHash(content: unknown): string {
  return sha256(JSON.stringify(content)).slice(0, 16);
}
