export type FramecrcPacket = {
  /** In the unit stated by the header lines; undefined if the packet has no timestamp. */
  readonly time: number | undefined
  readonly bytes: number
}

/** Reads a stream of ffmpeg's framecrc lines: `0, dts, pts, duration, size, crc`. */
export class FramecrcReader {
  #partial = ''

  /** Timestamps of the frames whose lines end in this chunk, in milliseconds. Throws on any other line. */
  readTimes(chunk: Buffer): number[] {
    return this.#lines(chunk).map((line) => timeOf(line) ?? refuse(line))
  }

  /** The packets whose lines end in this chunk. Throws on any other line. */
  readPackets(chunk: Buffer): FramecrcPacket[] {
    return this.#lines(chunk).map((line) => {
      const bytes = Number(line.split(',', 5)[4])
      return { time: timeOf(line), bytes: Number.isInteger(bytes) && bytes >= 0 ? bytes : refuse(line) }
    })
  }

  #lines(chunk: Buffer): string[] {
    const lines = (this.#partial + chunk.toString('latin1')).split('\n')
    this.#partial = lines.pop() ?? ''
    return lines.filter((line) => line !== '' && !line.startsWith('#'))
  }
}

function timeOf(line: string): number | undefined {
  const word = line.split(',', 3)[2]?.trim()
  if (word === 'NOPTS') return undefined
  const time = Number(word)
  return word !== '' && Number.isInteger(time) ? time : refuse(line)
}

function refuse(line: string): never {
  throw new Error(`Not a framecrc line: ${line.slice(0, 200)}`)
}
