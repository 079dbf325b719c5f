import type { FileFormat } from '../formats/formats.ts'
import type { Tools } from '../tools/find-ffmpeg.ts'
import { withAvifAsPng } from './convert-avif.ts'
import { type Input, withInput } from './open-input.ts'

export type ReadableUse<T> = {
  readonly format: FileFormat
  readonly signal: AbortSignal | undefined
  readonly use: (input: Input) => Promise<T>
}

/** Like withInput, for a program that may not read the format itself. Throws as withAvifAsPng too. */
export function withReadable<T>(
  tools: Tools,
  path: string,
  { format, signal, use }: ReadableUse<T>,
): Promise<T> {
  return format === 'avif' ? withAvifAsPng(tools, path, { signal, use }) : withInput(path, use)
}
