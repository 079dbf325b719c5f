import { SingleBar } from 'cli-progress'

export type Progress = {
  /** One more item is done. */
  step(name: string): void
  /** A line that must stay readable beside the bar. */
  note(line: string): void
  end(): void
}

/** A bar on a terminal, plain lines anywhere else; on stderr, because stdout is for results. */
export const startProgress = (
  title: string,
  { total, stream = process.stderr }: { total: number; stream?: NodeJS.WriteStream },
): Progress => {
  if (!stream.isTTY) {
    let done = 0
    return {
      step: (name) => {
        done++
        stream.write(`${title} ${done}/${total} ${name}\n`)
      },
      note: (line) => void stream.write(`${line}\n`),
      end: () => undefined,
    }
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
    // The bar redraws itself on the line below.
    note: (line) => void stream.write(`\r\u001b[K${line}\n`),
    end: () => bar.stop(),
  }
}
