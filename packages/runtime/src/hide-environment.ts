import { closeSync, openSync, readFileSync, readSync, writeSync } from 'node:fs'

/** Variables that the dynamic loader reads from the original memory. */
const KEPT = /^(?:LD|GLIBC)_/

/**
 * Removes secrets from the environment of this process after they have been read, so that child processes do not
 * inherit them. On Linux it also blanks all values in `/proc/PID/environ`, which every process of the same user can
 * read. Other variables stay available to programs and libraries.
 *
 * @param secretNames the variables to delete
 */
export function hideEnvironment(secretNames: readonly string[]): void {
  for (const name of secretNames) delete process.env[name]
  if (process.platform !== 'linux') return
  // A variable that is set again is stored in other memory than the system shows.
  for (const [name, value] of Object.entries(process.env)) if (!KEPT.test(name)) process.env[name] = value
  try {
    blankShownEnvironment()
  } catch {
    // Without /proc there is nothing to blank. SECURITY.md covers hardened systems that forbid the write.
  }
}

/** Blanks every value in the memory that the system exposes as the environment (proc(5): env_start, env_end). */
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

/** Blanks the values in a block of `NAME=value` strings that end with NUL. */
function blankValues(block: Buffer): void {
  for (let start = 0; start < block.length; ) {
    const nul = block.indexOf(0, start)
    const end = nul < 0 ? block.length : nul
    const equals = block.indexOf('=', start)
    const name = block.toString('latin1', start, equals < 0 || equals > end ? end : equals)
    if (!KEPT.test(name)) block.fill(0, start + name.length, end)
    start = end + 1
  }
}
