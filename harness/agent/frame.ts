import { crc32 } from 'node:zlib';
import { SprmatrixError } from '../base/error.js';
import { PROTOCOL_HEADER_SIZE, PROTOCOL_MAGIC, PROTOCOL_PAYLOAD_MAX } from './protocol.js';

/** One message on the channel; see fixtures/guest/frame.h for the layout. */
export interface Frame {
  readonly type: number;
  readonly sequence: number;
  readonly payload: Buffer;
}

const AT = { length: 4, type: 8, sequence: 10, crc: 12 } as const;

/** The bytes of a frame. Throws `FRAME_OVERSIZE` when the payload is over the protocol's bound. */
export function encodeFrame({ type, sequence, payload }: Frame): Buffer {
  if (payload.length > PROTOCOL_PAYLOAD_MAX) {
    throw frameError('FRAME_OVERSIZE', `payload of ${payload.length} bytes`);
  }
  const header = Buffer.alloc(PROTOCOL_HEADER_SIZE);
  header.writeUInt32LE(PROTOCOL_MAGIC, 0);
  header.writeUInt32LE(payload.length, AT.length);
  header.writeUInt16LE(type, AT.type);
  header.writeUInt16LE(sequence, AT.sequence);
  header.writeUInt32LE(checksum(header, payload), AT.crc);
  return Buffer.concat([header, payload]);
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
    const magic = header.readUInt32LE(0);
    if (magic !== PROTOCOL_MAGIC) {
      throw frameError('FRAME_GARBAGE', `bytes ${header.subarray(0, 4).toString('hex')}`);
    }
    const length = header.readUInt32LE(AT.length);
    if (length > PROTOCOL_PAYLOAD_MAX) {
      throw frameError('FRAME_OVERSIZE', `payload of ${length} bytes`);
    }
    const size = PROTOCOL_HEADER_SIZE + length;
    if (this.#size < size) return undefined;
    const whole = this.#front(size);
    const payload = whole.subarray(PROTOCOL_HEADER_SIZE, size);
    if (checksum(whole, payload) !== header.readUInt32LE(AT.crc)) {
      throw frameError('FRAME_CORRUPT', `frame of type ${header.readUInt16LE(AT.type)}`);
    }
    this.#chunks = [whole.subarray(size)];
    this.#size -= size;
    return {
      type: header.readUInt16LE(AT.type),
      sequence: header.readUInt16LE(AT.sequence),
      payload,
    };
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

function checksum(header: Buffer, payload: Buffer): number {
  return crc32(payload, crc32(header.subarray(AT.length, AT.crc)));
}

const REASONS = {
  FRAME_GARBAGE: 'does not begin a frame',
  FRAME_OVERSIZE: `is over the limit of ${PROTOCOL_PAYLOAD_MAX} bytes`,
  FRAME_CORRUPT: 'fails its checksum',
} as const;

function frameError(code: keyof typeof REASONS, what: string): SprmatrixError {
  return new SprmatrixError({ code, message: `agent channel: ${what} ${REASONS[code]}` });
}
