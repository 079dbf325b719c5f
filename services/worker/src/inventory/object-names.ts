import { Fault } from '@kinoprint/core'
import { checkObjectName } from '@kinoprint/objects'

type Line = { readonly number: number; readonly list: string }

/** Returns the object name that `read` takes from a line of a list. Throws Fault InvalidArgument if it is none. */
export function objectOnLine({ number, list }: Line, read: () => string): string {
  try {
    const name = read()
    checkObjectName(name)
    return name
  } catch (cause) {
    throw new Fault('InvalidArgument', `Line ${number} of ${list} is not the name or address of an object.`, {
      cause,
    })
  }
}

/** The name of an object of this bucket, from its name or its address. Addresses are not fetched. */
export function objectNameOf(given: string, bucket: string): string {
  if (!/^https?:\/\//i.test(given)) return given.startsWith('/') ? given.slice(1) : given
  const path = pathOf(given).slice(1)
  return path.startsWith(`${bucket}/`) ? path.slice(bucket.length + 1) : path
}

function pathOf(address: string): string {
  try {
    return decodeURIComponent(new URL(address).pathname)
  } catch (cause) {
    throw new Fault('InvalidArgument', `${address} is not the address of an object.`, { cause })
  }
}
