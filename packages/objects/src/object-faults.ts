import { errorCode, Fault, type FaultCode } from '@kinoprint/core'

export function notFound(bucket: string, object: string, cause?: unknown): Fault {
  return new Fault('ResourceNotFound', `Object ${object} is not in bucket ${bucket}.`, cause ? { cause } : {})
}

/** For a name with an empty segment, which S3 can store but a folder cannot. */
export function notAFileName(code: FaultCode, object: string): Fault {
  const message = `A folder cannot store object ${object}: its name has an empty part. Remove the extra slash, or use an S3-compatible store.`
  return new Fault(code, message)
}

export function accessDenied(bucket: string, object: string, cause?: unknown): Fault {
  const message = `Access to object ${object} of bucket ${bucket} was denied. Give this server permission to read and write it.`
  return new Fault('ResourceAccessDenied', message, cause ? { cause } : {})
}

export function downloadFailed(bucket: string, object: string, cause: unknown): Fault {
  const message = `Object ${object} of bucket ${bucket} could not be read completely (${publicReason(cause)}).`
  return new Fault('ResourceDownloadFailed', message, { cause })
}

export function tooLarge(object: string, size: number, maxBytes: number): Fault {
  const message = `Object ${object} is ${formatSize(size)}; at most ${formatSize(maxBytes)} are supported. Shorten it, or encode it at a lower bitrate.`
  return new Fault('ResourceNotSupported', message)
}

/** E.g. `8.8 TB`, in decimal units. */
export function formatSize(bytes: number): string {
  const units = ['bytes', 'kB', 'MB', 'GB', 'TB', 'PB', 'EB']
  const step = Math.min(units.length - 1, Math.floor(Math.log10(Math.max(1, bytes)) / 3))
  return `${step === 0 ? bytes : (bytes / 1000 ** step).toFixed(1)} ${units[step]}`
}

export function invalidRange(start: number, size: number): Fault {
  return new Fault('InvalidRange', `The range starts at byte ${start}, but the object has ${size} bytes.`)
}

/** An error's code or name for clients. File system messages contain paths, which clients must not see. */
export function publicReason(error: unknown): string {
  const code = errorCode(error)
  if (code !== '') return code
  const { name, message } = (error ?? {}) as { name?: unknown; message?: unknown }
  return String(name === undefined || name === 'Error' ? (message ?? error) : name)
}

/** False if `find` throws Fault ResourceNotFound. Other errors are rethrown. */
export async function isFound(find: () => Promise<unknown>): Promise<boolean> {
  try {
    await find()
    return true
  } catch (error) {
    if (error instanceof Fault && error.code === 'ResourceNotFound') return false
    throw error
  }
}

/** Whether an error has one of these codes, e.g. `ENOENT`. */
export function hasErrorCode(error: unknown, ...codes: readonly string[]): boolean {
  return codes.includes(errorCode(error))
}
