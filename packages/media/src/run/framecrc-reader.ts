/** What ffmpeg's framecrc muxer tells of one frame: its time in milliseconds and its bytes. */
export type FramecrcLine = { readonly timeMs: number; readonly size: number }

/** Reads a stream of framecrc lines: `0, dts, pts, duration, size, crc`, pts in milliseconds. */
export class FramecrcReader {
  #partial = ''

  /** The frames whose lines end in this chunk. Throws on a line of anything else. */
  read(chunk: Buffer): FramecrcLine[] {
    const lines = (this.#partial + chunk.toString('latin1')).split('\n')
    this.#partial = lines.pop() ?? ''
    return lines.filter((line) => line !== '' && !line.startsWith('#')).map(parsed)
  }
}

function parsed(line: string): FramecrcLine {
  const [, , timeMs = Number.NaN, , size = Number.NaN] = line.split(',').map(Number)
  if (!Number.isInteger(timeMs) || !Number.isInteger(size))
    throw new Error(`Not a framecrc line: ${line.slice(0, 200)}`)
  return { timeMs, size }
}
