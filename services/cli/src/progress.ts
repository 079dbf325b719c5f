import { SingleBar } from 'cli-progress'

export type Progress = {
  /** Counts one more item as done. */
  step(name: string): void
  /** Counts one more item as skipped and prints the reason on a separate line above the bar. */
  skip(line: string): void
  end(): void
}

/** Progress on stderr, because stdout is for results: a bar on a terminal, plain lines otherwise. */
export function startProgress(
  title: string,
  { total, stream = process.stderr }: { total: number; stream?: NodeJS.WriteStream },
): Progress {
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
      // The bar is redrawn on the next line.
      stream.write(`\r\u001b[K${line}\n`)
      bar.increment(1, { name: '' })
    },
    end: () => bar.stop(),
  }
}
