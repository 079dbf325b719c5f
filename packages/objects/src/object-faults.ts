import { Fault, type FaultCode } from '@kinoprint/core'

export const notFound = (bucket: string, object: string, cause?: unknown): Fault =>
  new Fault('ResourceNotFound', `Object ${object} is not in bucket ${bucket}.`, cause ? { cause } : {})

/** For a name that S3 can hold and a folder cannot. */
export const noFolderName = (code: FaultCode, object: string): Fault =>
  new Fault(
    code,
    `Object ${object} cannot be kept in a folder: its name has an empty part. Remove the extra slash, or use an S3-compatible store.`,
  )

export const accessDenied = (bucket: string, object: string, cause?: unknown): Fault =>
  new Fault(
    'ResourceAccessDenied',
    `Object ${object} of bucket ${bucket} may not be read or written by this server.`,
    cause ? { cause } : {},
  )

export const downloadFailed = (bucket: string, object: string, cause: unknown): Fault =>
  new Fault(
    'ResourceDownloadFailed',
    `Object ${object} of bucket ${bucket} could not be read to its end (${reasonOf(cause)}).`,
    { cause },
  )

export const largerThan = (object: string, size: number, maxBytes: number): Fault =>
  new Fault(
    'ResourceNotSupported',
    `Object ${object} is ${formatSize(size)}; at most ${formatSize(maxBytes)} are supported. Shorten it, or encode it at a lower bitrate.`,
  )

/** E.g. `8.8 TB`; decimal units, as disks are sold. */
export const formatSize = (bytes: number): string => {
  const units = ['bytes', 'kB', 'MB', 'GB', 'TB', 'PB', 'EB']
  const step = Math.min(units.length - 1, Math.floor(Math.log10(Math.max(1, bytes)) / 3))
  return `${step === 0 ? bytes : (bytes / 1000 ** step).toFixed(1)} ${units[step]}`
}

export const invalidRange = (start: number, size: number): Fault =>
  new Fault('InvalidRange', `The range begins at byte ${start}, but the object has ${size} bytes.`)

/** A path in a message would tell a client how the server's disk is laid out; the code is enough. */
export const reasonOf = (error: unknown): string => {
  const { code, name, message } = (error ?? {}) as { code?: unknown; name?: unknown; message?: unknown }
  if (typeof code === 'string') return code
  return String(name === undefined || name === 'Error' ? (message ?? error) : name)
}

/** Whether a look for an object finds it. */
export const foundOrNot = async (look: () => Promise<unknown>): Promise<boolean> => {
  try {
    await look()
    return true
  } catch (error) {
    if (error instanceof Fault && error.code === 'ResourceNotFound') return false
    throw error
  }
}

/** Whether the system failed with one of these codes, e.g. `ENOENT`. */
export const isErrorCode = (error: unknown, ...codes: readonly string[]): boolean =>
  codes.includes(String((error as { code?: unknown } | undefined)?.code))
