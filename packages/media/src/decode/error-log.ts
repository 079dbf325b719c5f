/** Longest line that is kept; a longer one is counted and cut. */
const MAX_LINE = 500

/** Counts the lines of ffmpeg's stderr and keeps the last one: a damaged file may complain millions of times. */
export class ErrorLog {
  count = 0
  last = ''
  #partial = ''

  push(chunk: Buffer): void {
    const lines = (this.#partial + chunk.toString('utf8')).split('\n')
    this.#partial = (lines.pop() ?? '').slice(0, MAX_LINE)
    for (const line of lines) {
      if (line.trim() === '') continue
      this.count += 1
      this.last = line.slice(0, MAX_LINE)
    }
  }
}
