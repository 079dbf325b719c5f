import { readFileSync } from 'node:fs'

/** A text file and its name, for error messages that name the file and the line. */
export type TextFile = { readonly path: string; readonly text: string }

export function readTextFile(path: string): TextFile {
  return { path, text: readFileSync(path, 'utf8').replace(/^\uFEFF/, '') }
}

/** An error in a file: `FILE:LINE: what is wrong`. Lines count from 1. */
export function faultAt(path: string, line: number, message: string): Error {
  return new Error(`${path}:${line}: ${message}`)
}

/** The line of a character, from 1. */
export function lineOf(text: string, index: number): number {
  return text.slice(0, Math.max(0, index)).split('\n').length
}

/** Parses JSON. An error names the line. */
export function parseJson({ path, text }: TextFile): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    const { message } = error as Error
    const at = /position (\d+)/.exec(message)?.[1]
    throw faultAt(path, lineOf(text, at === undefined ? text.length : Number(at)), `not JSON: ${message}`)
  }
}
