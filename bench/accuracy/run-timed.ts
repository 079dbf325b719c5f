import { spawn } from 'node:child_process'
import { once } from 'node:events'
import type { Readable } from 'node:stream'

export type Ran = {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
  /** CPU time, in seconds, of the program and all processes it started and waited for. */
  readonly cpuSeconds: number
}

/** Runs a program in a shell that measures its CPU time and that of its children. */
export async function runTimed(program: string, args: readonly string[]): Promise<Ran> {
  const script = '"$@" 3>&-; code=$?; times >&3; exit $code'
  const child = spawn('sh', ['-c', script, 'sh', program, ...args], {
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
  })
  const [stdout, stderr, times, [code]] = await Promise.all([
    collect(child.stdout),
    collect(child.stderr),
    collect(child.stdio[3] as Readable),
    once(child, 'close'),
  ])
  return { code: (code as number | null) ?? 1, stdout, stderr, cpuSeconds: cpuOfTimes(times) }
}

async function collect(stream: Readable | null): Promise<string> {
  let text = ''
  if (stream) for await (const chunk of stream) text += String(chunk)
  return text
}

/** The second line of POSIX `times` is user and system time of all children: `1m2.34s 0m1.20s`. */
function cpuOfTimes(times: string): number {
  const children = times.trim().split('\n').at(-1) ?? ''
  return [...children.matchAll(/(\d+)m([\d.]+)s/g)].reduce(
    (sum, [, minutes, seconds]) => sum + Number(minutes) * 60 + Number(seconds),
    0,
  )
}
