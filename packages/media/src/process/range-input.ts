import { Fault } from '@kinoprint/core'
import type { Input } from './open-input.ts'

/**
 * The address of a range server of packages/objects: a proxy that answers every request with parts of the object of its
 * password.
 */
const ADDRESS = /^http:\/\/object:[0-9a-f]{64}@127\.0\.0\.1:\d{1,5}\/$/

/** What programs ask the proxy for. No such host exists (RFC 2606), so nothing can be read without the proxy. */
const OBJECT_URL = 'http://object.invalid/'

/** Whether a path is such an address. No other path has this form. */
export function isRangeAddress(path: string): boolean {
  return ADDRESS.test(path)
}

/** Whether a program reads an input from the proxy, and so needs HTTP and no access to files. */
export function isObjectUrl(path: string): boolean {
  return path === OBJECT_URL
}

/** Opens the object at an address. The password is in the environment of programs, which other users cannot read. */
export async function openRanges(address: string): Promise<Input> {
  const { size } = await readRange(address, 0, 1)
  return {
    handle: {
      read: async (buffer, offset, length, position) => {
        if (position >= size || length === 0) return { buffer, bytesRead: 0 }
        const { bytes } = await readRange(address, position, Math.min(length, size - position))
        return { buffer, bytesRead: bytes.copy(buffer, offset) }
      },
    },
    stats: { size, mode: 0o444, uid: -1 },
    name: OBJECT_URL,
    inherits: [],
    pathAt: () => OBJECT_URL,
    environment: { http_proxy: address },
    close: async () => undefined,
  }
}

async function readRange(address: string, position: number, length: number) {
  const { origin, username, password } = new URL(address)
  const authorization = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`
  const headers = {
    'Proxy-Authorization': authorization,
    Range: `bytes=${position}-${position + length - 1}`,
  }
  const response = await fetch(origin, { headers }).catch(unreadable)
  const size = /\/(\d+)$/.exec(response.headers.get('content-range') ?? '')?.[1]
  if (response.status !== 206 || size === undefined) return unreadable()
  const bytes = Buffer.from(await response.arrayBuffer().catch(unreadable))
  return { bytes, size: Number(size) }
}

function unreadable(cause?: unknown): never {
  throw new Fault('ResourceDownloadFailed', 'The object could not be read.', { cause })
}
