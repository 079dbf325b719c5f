import { constants, writeSync } from 'node:fs'
import { mkdtemp, open, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Fault } from '@kinoprint/core'
import { outOfMemory, refusal, throwIfKilled } from '../probe/refusal.ts'
import { MAX_PIXELS, tooLarge } from '../probe/to-media-info.ts'
import type { Tools } from '../tools/find-ffmpeg.ts'
import { confinementFor } from './confinement.ts'
import { ErrorLog } from './error-log.ts'
import { type Input, openInput, withInput } from './open-input.ts'
import { runProcess } from './run-process.ts'

/** A picture of 8192x8192 pixels without loss takes less. */
const MAX_BYTES = 128 * 1024 ** 2
const TIMEOUT_MS = 60_000
/** Address space. Node reserves 1 GiB before it reads a byte. */
const MEMORY_BYTES = 4 * 1024 ** 3
const PNG_BYTES = 512 * 1024 ** 2
/** Exit code for a picture of too many pixels; its size is the last line on stderr. */
const TOO_LARGE = 3
/** Descriptor of the picture in the program. */
const INPUT_DESCRIPTOR = 3

/** Runs in a process of its own, because libheif and its AV1 decoder read an untrusted file. */
const PROGRAM = `
const sharp = require(process.argv[1])
sharp.cache(false)
sharp.concurrency(1)
const picture = sharp(process.argv[2], { limitInputPixels: ${MAX_PIXELS}, pages: 1, failOn: 'error' })
const end = (code, text) => { process.exitCode = code; process.stderr.write(text.split('\\n')[0] + '\\n') }
picture.metadata()
  .then(async ({ format, width, height }) => {
    if (format !== 'heif') return end(1, 'not an AVIF picture')
    if (width * height > ${MAX_PIXELS}) return end(${TOO_LARGE}, width + 'x' + height)
    process.stdout.write(await picture.removeAlpha().toColourspace('srgb').png({ compressionLevel: 1 }).toBuffer())
  })
  .catch((error) => end(1, String(error.message)))
`

/**
 * Calls `use` with an AVIF picture as a PNG without loss, in a temporary file. ffmpeg reads AVIF since version 6, and
 * that of common encoders not in every version. The program that converts it is confined like ffmpeg.
 *
 * @throws Fault ResourceNotSupported for a picture that cannot be read or is too large.
 */
export async function withAvifAsPng<T>(
  tools: Tools,
  path: string,
  { signal, use }: { readonly signal: AbortSignal | undefined; readonly use: (png: Input) => Promise<T> },
): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'kinoprint-avif-'))
  try {
    const copy = join(folder, 'picture.avif')
    const png = join(folder, 'picture.png')
    const name = await withInput(path, async (input) => {
      await writeFile(copy, await readAll(input), { mode: 0o644 })
      return input.name
    })
    await convert(tools, { from: copy, to: png, signal })
    const input = await openInput(png)
    try {
      return await use({ ...input, name })
    } finally {
      await input.close()
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function readAll({ handle, stats: { size } }: Input): Promise<Buffer> {
  if (size > MAX_BYTES)
    throw refusal(`The AVIF picture has more than ${MAX_BYTES / 1024 ** 2} MB.`, 'Scale it down.')
  const bytes = Buffer.alloc(size)
  let filled = 0
  for (let read = -1; read !== 0 && filled < size; filled += read)
    read = (await handle.read(bytes, filled, size - filled, filled)).bytesRead
  return bytes.subarray(0, filled)
}

type Conversion = { readonly from: string; readonly to: string; readonly signal: AbortSignal | undefined }

async function convert(tools: Tools, { from, to, signal }: Conversion): Promise<void> {
  const errors = new ErrorLog()
  const output = await open(to, constants.O_CREAT | constants.O_EXCL | constants.O_WRONLY, 0o644)
  let written = 0
  const write = (chunk: Buffer): void => {
    written += chunk.length
    if (written > PNG_BYTES) throw tooLarge('larger than 8192x8192')
    for (let at = 0; at < chunk.length; ) at += writeSync(output.fd, chunk, at)
  }
  try {
    const end = await withInput(from, async (input) =>
      runProcess({
        program: process.execPath,
        args: ['-e', PROGRAM, sharpPath(), input.pathAt(INPUT_DESCRIPTOR)],
        sinks: { 1: write, 2: (chunk) => errors.push(chunk) },
        inherits: input.inherits,
        signal,
        nice: tools.decoderNice,
        stallMs: TIMEOUT_MS,
        timeoutMs: TIMEOUT_MS,
        limits: {
          memoryBytes: MEMORY_BYTES,
          cpuSeconds: TIMEOUT_MS / 1000,
          fileBytes: PNG_BYTES,
          confinement: await confinementFor(process.execPath, input.stats, sharpPath()),
        },
      }),
    )
    if (end.ended === 'exited' && end.exit === 0 && written > 0) return
    if (signal?.aborted) throw new Fault('Cancelled', 'The job was stopped.')
    if (end.ended === 'not-started')
      throw new Fault(
        'ServiceUnavailable',
        `The AVIF decoder could not be started: ${String(end.startError)}`,
      )
    if (end.exit === TOO_LARGE) throw tooLarge(errors.last)
    if (errors.outOfMemory) throw outOfMemory('Decoding the picture')
    throwIfKilled(end.killedBy, { program: 'The AVIF decoder' })
    const reason = errors.last.replace(/^\/proc\/self\/fd\/\d+: /, '').slice(0, 200)
    const cause = reason === '' ? '' : ` (${reason})`
    throw refusal('The AVIF picture cannot be read.', `Convert it to PNG or JPEG.${cause}`)
  } finally {
    await output.close()
  }
}

function sharpPath(): string {
  return createRequire(import.meta.url).resolve('sharp')
}
