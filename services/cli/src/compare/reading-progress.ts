import { SingleBar } from 'cli-progress'

export type ReadingProgress = {
  /** Reports the share of a file that has been read, 0 to 1. */
  report(index: number, fraction: number): void
  end(): void
}

/** Progress of reading files, on stderr: one bar on a terminal, otherwise one line per finished file. */
export function startReading(
  names: readonly string[],
  { stream = process.stderr }: { stream?: NodeJS.WriteStream } = {},
): ReadingProgress {
  const fractions = names.map(() => 0)
  if (!stream.isTTY) {
    let read = 0
    return {
      report: (index, fraction) => {
        if (fraction < 1 || fractions[index] === 1) return
        fractions[index] = 1
        stream.write(`reading ${++read}/${names.length} ${names[index]}\n`)
      },
      end: () => undefined,
    }
  }
  const format = 'reading {bar} {percentage} %'
  const bar = new SingleBar({
    format,
    stream,
    hideCursor: true,
    clearOnComplete: true,
    barCompleteChar: '#',
    barIncompleteChar: '.',
  })
  bar.start(names.length, 0)
  return {
    report: (index, fraction) => {
      fractions[index] = fraction
      bar.update(fractions.reduce((sum, one) => sum + one, 0))
    },
    end: () => bar.stop(),
  }
}
