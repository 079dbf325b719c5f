import { SingleBar } from 'cli-progress'
import { visible } from './visible.ts'

export type Progress = {
  /** Reports the share of a running item that is done, 0 to 1. */
  report(name: string, fraction: number): void
  /** Counts an item as done, with notes about it. */
  step(name: string, notes?: readonly string[]): void
  /** Counts an item as skipped and prints the reason. */
  skip(name: string, line: string): void
  end(): void
}

export type ProgressOptions = {
  readonly total: number
  readonly stream?: NodeJS.WriteStream
  /** Milliseconds. */
  readonly now?: () => number
}

/** Pause between two lines about running items where there is no terminal. */
const QUIET_MS = 10_000

/** Progress on stderr, because stdout is for results: a bar on a terminal, one line an item otherwise. */
export function startProgress(title: string, options: ProgressOptions): Progress {
  return (options.stream ?? process.stderr).isTTY ? bar(title, options) : lines(title, options)
}

function lines(title: string, { total, stream = process.stderr, now = Date.now }: ProgressOptions): Progress {
  let done = 0
  let lastMs = now()
  const write = (text: string): void => {
    lastMs = now()
    stream.write(`${title} ${done}/${total} ${visible(text)}\n`)
  }
  return {
    report: (name, fraction) => {
      if (now() - lastMs >= QUIET_MS) write(`${name} ${percent(fraction)}`)
    },
    step: (name, notes = []) => {
      done++
      write(notes.length === 0 ? name : `${name}: ${notes.join(' ')}`)
    },
    skip: (_name, line) => {
      done++
      write(line)
    },
    end: () => undefined,
  }
}

function bar(title: string, { total, stream = process.stderr }: ProgressOptions): Progress {
  let done = 0
  const running = new Map<string, number>()
  const one = new SingleBar({
    format: `${title} {bar} {done}/{total} {name}`,
    stream,
    hideCursor: true,
    barCompleteChar: '#',
    barIncompleteChar: '.',
  })
  const show = (): void => {
    const [name, fraction] = [...running].at(-1) ?? ['', 0]
    const sum = [...running.values()].reduce((all, share) => all + share, 0)
    one.update(done + sum, { done, name: name === '' ? '' : `${visible(name)} ${percent(fraction)}` })
  }
  const finish = (name: string, line: string | null): void => {
    // The bar is redrawn on the next line.
    if (line !== null) stream.write(`\r\u001b[K${visible(line)}\n`)
    running.delete(name)
    done++
    show()
  }
  one.start(total, 0, { name: '', done })
  return {
    report: (name, fraction) => {
      running.set(name, Math.max(fraction, running.get(name) ?? 0))
      show()
    },
    step: (name, notes = []) => finish(name, notes.length === 0 ? null : `${name}: ${notes.join(' ')}`),
    skip: finish,
    end: () => one.stop(),
  }
}

function percent(fraction: number): string {
  return `${Math.floor(100 * Math.min(1, fraction))} %`
}
