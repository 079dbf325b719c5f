import { SingleBar } from 'cli-progress'

export type Progress = {
  /** One more item is done. */
  step(name: string): void
  /** One more item is left out, for this reason: a line that stays readable beside the bar. */
  skip(line: string): void
  end(): void
}

/** A bar on a terminal, plain lines anywhere else; on stderr, because stdout is for results. */
export const startProgress = (
  title: string,
  { total, stream = process.stderr }: { total: number; stream?: NodeJS.WriteStream },
): Progress => {
  if (!stream.isTTY) {
    let done = 0
    const write = (text: string): void => {
      done++
      stream.write(`${title} ${done}/${total} ${text}\n`)
    }
    return { step: write, skip: write, end: () => undefined }
  }
  const bar = new SingleBar({
    format: `${title} {bar} {value}/{total} {name}`,
    stream,
    hideCursor: true,
    barCompleteChar: '#',
    barIncompleteChar: '.',
  })
  bar.start(total, 0, { name: '' })
  return {
    step: (name) => bar.increment(1, { name }),
    skip: (line) => {
      // The bar redraws itself on the line below.
      stream.write(`\r\u001b[K${line}\n`)
      bar.increment(1, { name: '' })
    },
    end: () => bar.stop(),
  }
}
