import { open, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { errorCode } from '@kinoprint/core'

/** A file of JSON lines, to which results are appended as soon as they are known. */
export type LineLog<Line> = {
  append(line: Line): Promise<void>
  close(): Promise<void>
}

export type LineLogOptions<Line> = {
  /** The line that a JSON value is; null for one that is ignored. */
  readonly parse: (value: unknown) => Line | null
  /** Called with each line of the file, oldest first. */
  readonly remember: (line: Line) => void
  /** The lines that still count after all have been remembered. */
  readonly current: () => readonly Line[]
}

/**
 * Opens a file of JSON lines. Lines that a crash has cut off are ignored, and the file is rewritten without them and
 * without outdated lines.
 */
export async function openLineLog<Line>(
  path: string,
  { parse, remember, current }: LineLogOptions<Line>,
): Promise<LineLog<Line>> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    if (errorCode(error) === 'ENOENT') return ''
    throw error
  })
  const lines = text.split('\n').filter((line) => line !== '')
  for (const line of lines) {
    const parsed = parse(jsonValueOf(line))
    if (parsed !== null) remember(parsed)
  }
  const kept = current()
  if (lines.length !== kept.length || (text !== '' && !text.endsWith('\n'))) await rewrite(path, kept)
  const handle = await open(path, 'a')
  return {
    append: async (line) => {
      try {
        await handle.appendFile(`${JSON.stringify(line)}\n`)
      } catch (error) {
        // The error of an open file does not say which one it is.
        throw error instanceof Error ? Object.assign(error, { path }) : error
      }
    },
    close: () => handle.close(),
  }
}

function jsonValueOf(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return null
  }
}

async function rewrite(path: string, lines: readonly unknown[]): Promise<void> {
  const draft = `${path}.part`
  try {
    await writeFile(draft, lines.map((line) => `${JSON.stringify(line)}\n`).join(''))
    await rename(draft, path)
  } finally {
    await rm(draft, { force: true })
  }
}
