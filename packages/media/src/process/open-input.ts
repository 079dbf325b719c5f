import { constants, type Stats } from 'node:fs'
import { type FileHandle, open, readlink } from 'node:fs/promises'
import { errorCode, Fault } from '@kinoprint/core'
import { isRangeAddress, openRanges } from './range-input.ts'

/** A file held open while programs read it, so that no other file can replace it between two of them. */
export type Input = {
  readonly handle: ByteSource
  readonly stats: Pick<Stats, 'size' | 'mode' | 'uid'>
  /** Its path when it was opened, shown in process lists. */
  readonly name: string
  /** Descriptors that a program inherits to read it: one, or none. */
  readonly inherits: readonly number[]
  /** The path under which a program finds the file that it inherits as this descriptor. */
  readonly pathAt: (descriptor: number) => string
  /** Variables that a program needs to read it. */
  readonly environment: Readonly<Record<string, string>>
  readonly close: () => Promise<void>
}

/** The part of a FileHandle that reads at an offset. */
export type ByteSource = {
  read(
    buffer: Buffer,
    offset: number,
    length: number,
    position: number,
  ): Promise<{ readonly buffer: Buffer; readonly bytesRead: number }>
}

/** Without O_NONBLOCK, opening a FIFO or a device would wait for its other end. */
const FLAGS = constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY

/** On Linux this path reopens an inherited file with its own position, even if the file was renamed. */
const hasDescriptorPaths = process.platform === 'linux'

/**
 * Opens a regular file, or an object at an address of packages/objects, for the duration of `use`, without blocking on
 * FIFOs or devices.
 *
 * @throws Fault ResourceNotFound, ResourceAccessDenied or ResourceNotSupported, with what the user can do.
 */
export async function withInput<T>(path: string, use: (input: Input) => Promise<T>): Promise<T> {
  const input = await openInput(path)
  try {
    return await use(input)
  } finally {
    await input.close()
  }
}

/** Like withInput, but the caller closes the input. */
export async function openInput(path: string): Promise<Input> {
  if (isRangeAddress(path)) return openRanges(path)
  const { handle, stats } = await openFile(path)
  const name = hasDescriptorPaths ? await readlink(`/proc/self/fd/${handle.fd}`) : path
  const pathAt = (descriptor: number): string => (hasDescriptorPaths ? `/proc/self/fd/${descriptor}` : path)
  return {
    ...{ handle, stats, name, pathAt },
    inherits: [handle.fd],
    environment: {},
    close: () => handle.close(),
  }
}

/** Like withInput, but only for a file. */
export async function withFile<T>(path: string, use: (file: OpenFile) => Promise<T>): Promise<T> {
  const file = await openFile(path)
  try {
    return await use(file)
  } finally {
    await file.handle.close()
  }
}

type OpenFile = { readonly handle: FileHandle; readonly stats: Stats }

async function openFile(path: string): Promise<OpenFile> {
  const handle = await open(path, FLAGS).catch((cause: unknown) => {
    throw asFault(cause)
  })
  const stats = await handle.stat()
  if (!stats.isFile()) {
    await handle.close()
    throw notAFile()
  }
  return { handle, stats }
}

function notAFile(cause?: unknown): Fault {
  return new Fault('ResourceNotSupported', 'This is not a file. Specify a video file.', { cause })
}

function asFault(cause: unknown): unknown {
  switch (errorCode(cause)) {
    case 'EACCES':
    case 'EPERM':
      return new Fault(
        'ResourceAccessDenied',
        'Permission to read the file was denied. Give the server user read permission.',
        { cause },
      )
    case 'ENOENT':
    case 'ENOTDIR':
    case 'ELOOP':
      return new Fault('ResourceNotFound', 'The file does not exist. Check the path.', { cause })
    // A socket, or a device without a driver.
    case 'ENXIO':
    case 'ENODEV':
      return notAFile(cause)
    default:
      return cause
  }
}
