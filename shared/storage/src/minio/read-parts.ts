/** The least that S3 takes for a part that is not the last, and all of a blob that we ever hold. */
export const PART_BYTES = 5 * 1024 * 1024;

const FIRST_BUFFER_BYTES = 64 * 1024;

export type BlobPart = {
  /** Valid until the next part is asked for: the memory is used again. */
  readonly bytes: Buffer;
  readonly last: boolean;
};

/**
 * The content in parts of exactly `partBytes`, and a last one that is shorter, perhaps empty.
 * Bytes are copied: a source may use its own chunks again. Errors of the source pass through.
 */
export async function* readParts(
  content: AsyncIterable<Uint8Array> | Uint8Array,
  partBytes: number,
): AsyncGenerator<BlobPart> {
  let buffer: Buffer = Buffer.allocUnsafe(Math.min(FIRST_BUFFER_BYTES, partBytes));
  let filled = 0;
  for await (const chunk of content instanceof Uint8Array ? [content] : content) {
    let taken = 0;
    while (taken < chunk.length) {
      const wanted = Math.min(filled + chunk.length - taken, partBytes);
      if (wanted > buffer.length) buffer = enlarged(buffer, filled, wanted, partBytes);
      buffer.set(chunk.subarray(taken, taken + wanted - filled), filled);
      taken += wanted - filled;
      filled = wanted;
      if (filled < partBytes) continue;
      yield { bytes: buffer, last: false };
      filled = 0;
    }
  }
  yield { bytes: buffer.subarray(0, filled), last: true };
}

/** Grown by doubling, so that a small blob takes little memory. */
function enlarged(buffer: Buffer, filled: number, wanted: number, partBytes: number): Buffer {
  const next = Buffer.allocUnsafe(Math.min(partBytes, Math.max(wanted, buffer.length * 2)));
  buffer.copy(next, 0, 0, filled);
  return next;
}
