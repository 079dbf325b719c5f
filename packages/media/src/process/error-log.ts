/** Maximum number of characters kept of one line. */
const MAX_LINE = 500
/** What ffmpeg's libraries print when an allocation fails. */
const OUT_OF_MEMORY =
  /cannot allocate memory|bad_alloc|out of memory|memory exhausted|malloc(?:z|_array|z_array)? failed|failed to allocate/i
/** `Picture size 16384x16384 is invalid`, or `… exceeds specified max pixel count`. */
const REFUSED_SIZE = /Picture size (\d+x\d+) (?:is invalid|exceeds)/

/**
 * The raw audio muxer prints this if the audio of joined files overlaps by a few samples. It writes all of them in
 * sequence, so nothing is damaged.
 */
const HARMLESS = /^\[s16le @ \w+\] Application provided invalid, non monotonically increasing dts/

/** The rest of the line is the whole list. Not damage: the track is skipped. */
const REFUSED_CODEC = /^(?:\[[^\]]*\] )?Codec \((\w+)\) not on whitelist/

/**
 * Counts the lines of ffmpeg's stderr and keeps only the last one, because a damaged file can cause millions of them.
 */
export class ErrorLog {
  count = 0
  last = ''
  outOfMemory = false
  /** Size of the last picture that was refused as too large, e.g. `16384x16384`. */
  refusedSize: string | undefined
  #partial = ''

  push(chunk: Buffer): void {
    const lines = (this.#partial + chunk.toString('utf8')).split('\n')
    this.#partial = (lines.pop() ?? '').slice(0, MAX_LINE)
    for (const line of lines) {
      if (line.trim() === '' || HARMLESS.test(line)) continue
      const [, codec] = REFUSED_CODEC.exec(line) ?? []
      if (codec !== undefined) {
        this.last = `the codec ${codec} is not supported`
        continue
      }
      this.count += 1
      this.last = line.slice(0, MAX_LINE)
      this.refusedSize = REFUSED_SIZE.exec(this.last)?.[1] ?? this.refusedSize
      this.outOfMemory ||= OUT_OF_MEMORY.test(this.last)
    }
  }
}
