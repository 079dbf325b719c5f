import type { FileHandle } from 'node:fs/promises'

/**
 * Writes every byte of `chunk`, from `position` on or, with null, where the last write ended. A disk that is about to
 * be full takes a part without a word, and says so only at the next write.
 */
export const writeAll = async (
  file: Pick<FileHandle, 'write'>,
  chunk: Uint8Array,
  position: number | null,
): Promise<void> => {
  for (let at = 0; at < chunk.length; ) {
    const to = position === null ? null : position + at
    at += (await file.write(chunk, at, chunk.length - at, to)).bytesWritten
  }
}
