import { pipeline, type Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { Fault } from '@kinoprint/core'

const LINE_FEED = 0x0a

export type LineOptions = {
  /** For messages. */
  readonly name: string
  readonly isPacked: boolean
  /** Lines that are passed over. */
  readonly from: number
  /** Bytes of a line, and of all lines up to the last one that is read. Packed ones count unpacked. */
  readonly lineBytesMax: number
  readonly bytesMax: number
}

/**
 * The lines of an object, without their ends. Ending the iteration closes the object. Memory holds one line and one
 * chunk, also of a packed object.
 *
 * @throws Fault ResourceNotSupported above a limit, InvalidArgument for an object that cannot be unpacked.
 */
export async function* readLines(object: Readable, options: LineOptions): AsyncGenerator<string> {
  const { name, from, lineBytesMax, bytesMax } = options
  let [number, total, length] = [0, 0, 0]
  let parts: Buffer[] = []
  for await (const chunk of options.isPacked ? unpacked(object, name) : object) {
    const bytes = Buffer.from(chunk)
    total += bytes.length
    if (total > bytesMax) throw tooLarge(`${name} has more than ${bytesMax} bytes. Split the list.`)
    let start = 0
    while (start < bytes.length) {
      const end = bytes.indexOf(LINE_FEED, start)
      const part = bytes.subarray(start, end === -1 ? bytes.length : end)
      length += part.length
      if (length > lineBytesMax)
        throw tooLarge(`Line ${number + 1} of ${name} has more than ${lineBytesMax} bytes.`)
      parts.push(part)
      if (end === -1) break
      if (number++ >= from) yield textOf(parts)
      parts = []
      length = 0
      start = end + 1
    }
  }
  if (length > 0 && number >= from) yield textOf(parts)
}

function textOf(parts: readonly Buffer[]): string {
  return Buffer.concat(parts).toString().replace(/\r$/, '')
}

async function* unpacked(object: Readable, name: string): AsyncGenerator<Buffer> {
  const gunzip = createGunzip()
  // The iteration below throws what the pipeline reports.
  pipeline(object, gunzip, () => undefined)
  try {
    yield* gunzip
  } catch (cause) {
    const isPackedWrong = cause instanceof Error && 'code' in cause && String(cause.code).startsWith('Z_')
    if (!isPackedWrong) throw cause
    throw new Fault('InvalidArgument', `${name} is not a complete gzip file. Export the inventory again.`, {
      cause,
    })
  }
}

function tooLarge(message: string): Fault {
  return new Fault('ResourceNotSupported', message)
}
