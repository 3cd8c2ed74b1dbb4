import { crc32 } from 'node:zlib';
import { SprmatrixError } from '../base/error.js';
import { decode, encode, LAYOUTS } from './layouts.js';
import { PROTOCOL_HEADER_SIZE, PROTOCOL_MAGIC, PROTOCOL_PAYLOAD_MAX } from './protocol.js';

/** One message on the channel; layouts.ts has the layout. */
export interface Frame {
  readonly type: number;
  readonly sequence: number;
  readonly payload: Buffer;
}

/** The bytes of a frame. Throws `FRAME_OVERSIZE` when the payload is over the protocol's bound. */
export function encodeFrame({ type, sequence, payload }: Frame): Buffer {
  if (payload.length > PROTOCOL_PAYLOAD_MAX) {
    throw frameError('FRAME_OVERSIZE', `payload of ${payload.length} bytes`);
  }
  const header = { magic: PROTOCOL_MAGIC, length: payload.length, type, sequence };
  const crc = checksum(encode('frame', { ...header, crc: 0 }), payload);
  return Buffer.concat([encode('frame', { ...header, crc }), payload]);
}

/**
 * Cuts a stream of bytes into frames. The agent is ours and the channel reliable, so a byte that
 * does not fit is an error (`FRAME_GARBAGE`, `FRAME_OVERSIZE`, `FRAME_CORRUPT`), not a resync.
 */
export class FrameReader {
  #chunks: Buffer[] = [];
  #size = 0;

  /** Takes the next bytes and yields the frames that they complete, those before an error too. */
  *add(chunk: Buffer): Generator<Frame, void> {
    this.#chunks.push(chunk);
    this.#size += chunk.length;
    for (let frame = this.#next(); frame !== undefined; frame = this.#next()) yield frame;
  }

  #next(): Frame | undefined {
    if (this.#size < PROTOCOL_HEADER_SIZE) return undefined;
    const header = this.#front(PROTOCOL_HEADER_SIZE);
    const { magic, length, type, sequence, crc } = decode('frame', header);
    if (magic !== PROTOCOL_MAGIC) {
      throw frameError('FRAME_GARBAGE', `bytes ${header.subarray(0, 4).toString('hex')}`);
    }
    if (length > PROTOCOL_PAYLOAD_MAX) {
      throw frameError('FRAME_OVERSIZE', `payload of ${length} bytes`);
    }
    const size = PROTOCOL_HEADER_SIZE + length;
    if (this.#size < size) return undefined;
    const whole = this.#front(size);
    const payload = whole.subarray(PROTOCOL_HEADER_SIZE, size);
    if (checksum(whole, payload) !== crc) {
      throw frameError('FRAME_CORRUPT', `frame of type ${type}`);
    }
    this.#chunks = [whole.subarray(size)];
    this.#size -= size;
    return { type, sequence, payload };
  }

  /** A buffer that has at least the first `size` bytes; chunks are joined only when they must be. */
  #front(size: number): Buffer {
    const [first] = this.#chunks;
    if (first !== undefined && first.length >= size) return first;
    const joined = Buffer.concat(this.#chunks);
    this.#chunks = [joined];
    return joined;
  }
}

/** Of what stands between the magic and the checksum, and of the payload. */
function checksum(header: Buffer, payload: Buffer): number {
  const { magic, crc } = LAYOUTS.frame;
  return crc32(payload, crc32(header.subarray(magic, PROTOCOL_HEADER_SIZE - crc)));
}

const REASONS = {
  FRAME_GARBAGE: 'does not begin a frame',
  FRAME_OVERSIZE: `is over the limit of ${PROTOCOL_PAYLOAD_MAX} bytes`,
  FRAME_CORRUPT: 'fails its checksum',
} as const;

function frameError(code: keyof typeof REASONS, what: string): SprmatrixError {
  return new SprmatrixError({ code, message: `agent channel: ${what} ${REASONS[code]}` });
}
