import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { commandLinesOf } from '../hostile-input/children-of.ts'
import { productEnvironment } from '../product-environment.ts'

const ENTRY = new URL('../../services/cli/bin/kinoprint.js', import.meta.url).pathname

/** A running product command with its whole output and the command lines of all its processes. */
export type Watched = {
  readonly child: ChildProcess
  /** Standard output and standard error so far. */
  readonly said: () => string
  /** Command lines of the command and its children, seen so far. */
  readonly commandLines: ReadonlySet<string>
  /** Waits until the output matches. */
  readonly hasSaid: (what: RegExp) => Promise<RegExpExecArray>
  readonly exited: Promise<number | null>
}

const LOOK_MS = 20

export function watch(args: readonly string[], settings: Readonly<Record<string, string>>): Watched {
  const child = spawn(process.execPath, [ENTRY, ...args], {
    cwd: tmpdir(),
    env: productEnvironment(settings),
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let said = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      said += String(chunk)
    })
  }
  const commandLines = new Set<string>()
  const looking = setInterval(() => {
    for (const line of commandLinesOf(child.pid ?? 0)) commandLines.add(line)
  }, LOOK_MS)
  const exited = once(child, 'close').then(([code]) => {
    clearInterval(looking)
    return code as number | null
  })
  return {
    child,
    said: () => said,
    commandLines,
    exited,
    hasSaid: async (what) => {
      for (;;) {
        const found = what.exec(said)
        if (found) return found
        const [ended] = await Promise.race([
          exited.then(() => [true]),
          once(child.stdout, 'data').then(() => [false]),
        ])
        if (ended && !what.test(said)) throw new Error(`It ended without printing ${what}: ${said}`)
      }
    },
  }
}
