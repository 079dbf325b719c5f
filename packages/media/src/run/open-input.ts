import { constants, type Stats } from 'node:fs'
import { type FileHandle, open, readlink } from 'node:fs/promises'
import { Fault } from '@kinoprint/core'

/** A file that a program is to read, held open: no other file can take its place between two programs or two looks. */
export type Input = {
  readonly handle: FileHandle
  readonly stats: Stats
  /** Where it was when it was opened, for whoever looks at a list of processes. */
  readonly name: string
  /** The path under which a program finds the file that it inherits as this descriptor. */
  readonly pathAt: (descriptor: number) => string
}

/** Opening a FIFO or a device would wait for somebody at its other end without O_NONBLOCK. */
const FLAGS = constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY

/** Linux opens an inherited file again by this path, with a position of its own, whatever its old name leads to. */
const hasDescriptorPaths = process.platform === 'linux'

/** Opens a file, if it is a regular one. Throws a Fault that says what a client can do about it; waits for nothing. */
export const openInput = async (path: string): Promise<Input> => {
  const handle = await open(path, FLAGS).catch((cause: unknown) => {
    throw asFault(cause)
  })
  const stats = await handle.stat()
  if (!stats.isFile()) {
    await handle.close()
    throw notAFile()
  }
  const name = hasDescriptorPaths ? await readlink(`/proc/self/fd/${handle.fd}`) : path
  const pathAt = (descriptor: number): string => (hasDescriptorPaths ? `/proc/self/fd/${descriptor}` : path)
  return { handle, stats, name, pathAt }
}

/** Opens a file for as long as `use` takes. */
export const withInput = async <T>(path: string, use: (input: Input) => Promise<T>): Promise<T> => {
  const input = await openInput(path)
  try {
    return await use(input)
  } finally {
    await input.handle.close()
  }
}

const notAFile = (cause?: unknown): Fault =>
  new Fault('ResourceNotSupported', 'This is not a file. Name a video file.', { cause })

const asFault = (cause: unknown): unknown => {
  switch ((cause as NodeJS.ErrnoException).code) {
    case 'EACCES':
    case 'EPERM':
      return new Fault(
        'ResourceAccessDenied',
        'The file may not be read. Give this user permission to read it.',
        { cause },
      )
    case 'ENOENT':
    case 'ENOTDIR':
    case 'ELOOP':
      return new Fault('ResourceNotFound', 'There is no such file. Check the path.', { cause })
    // A socket, or a device without a driver.
    case 'ENXIO':
    case 'ENODEV':
      return notAFile(cause)
    default:
      return cause
  }
}
