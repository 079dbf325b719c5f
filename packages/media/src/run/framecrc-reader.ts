/** Reads a stream of framecrc lines: `0, dts, pts, duration, size, crc`, pts in milliseconds. */
export class FramecrcReader {
  #partial = ''

  /** The times in milliseconds of the frames whose lines end in this chunk. Throws on a line of anything else. */
  read(chunk: Buffer): number[] {
    const lines = (this.#partial + chunk.toString('latin1')).split('\n')
    this.#partial = lines.pop() ?? ''
    return lines.filter((line) => line !== '' && !line.startsWith('#')).map(timeOf)
  }
}

function timeOf(line: string): number {
  const timeMs = Number(line.split(',', 3)[2])
  if (!Number.isInteger(timeMs)) throw new Error(`Not a framecrc line: ${line.slice(0, 200)}`)
  return timeMs
}
