import { closeSync, openSync, readFileSync, readSync, writeSync } from 'node:fs'

/** What the loader of programs may still read where it found it at the start. */
const KEPT = /^(?:LD|GLIBC)_/

/**
 * Takes secrets out of the environment of this process, once they have been read: programs that it starts inherit none,
 * and on Linux `/proc/PID/environ` of this process, which every other process of its user can read, shows no value any
 * more. The other variables stay where programs and libraries look for them.
 *
 * @param secretNames names to be deleted
 */
export function hideEnvironment(secretNames: readonly string[]): void {
  for (const name of secretNames) delete process.env[name]
  if (process.platform !== 'linux') return
  // Set again, a variable lies in memory of its own and no longer where the system shows it.
  for (const [name, value] of Object.entries(process.env)) if (!KEPT.test(name)) process.env[name] = value
  try {
    blankShownEnvironment()
  } catch {
    // Without /proc there is nothing that shows it; a hardened system that forbids the write is named in SECURITY.md.
  }
}

/** Overwrites every value in the block of memory that the system shows as the environment (proc(5): env_start, env_end). */
function blankShownEnvironment(): void {
  const fields = readFileSync('/proc/self/stat', 'utf8')
    .replace(/^.*\) /s, '')
    .split(' ')
  // The first field here is the third of proc(5).
  const [start, end] = [Number(fields[50 - 3]), Number(fields[51 - 3])]
  if (!Number.isSafeInteger(start) || !(end > start)) return
  const memory = openSync('/proc/self/mem', 'r+')
  try {
    const block = Buffer.alloc(end - start)
    readSync(memory, block, 0, block.length, start)
    blankValues(block)
    writeSync(memory, block, 0, block.length, start)
  } finally {
    closeSync(memory)
  }
}

/** The block holds `NAME=value` after `NAME=value`, each with a NUL behind it. */
function blankValues(block: Buffer): void {
  for (let from = 0; from < block.length; ) {
    const found = block.indexOf(0, from)
    const to = found < 0 ? block.length : found
    const equals = block.indexOf('=', from)
    const name = block.toString('latin1', from, equals < 0 || equals > to ? to : equals)
    if (!KEPT.test(name)) block.fill(0, from + name.length, to)
    from = to + 1
  }
}
