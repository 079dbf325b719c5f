import { randomBytes } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'

/** What the server serves. */
type RangeSource = {
  /** Bytes. */
  readonly size: number
  read(position: number, length: number): Promise<Buffer>
}

/**
 * An HTTP server on the loopback interface from which ffmpeg reads objects that are not files. It acts as a proxy: a
 * program that gets its address as `http_proxy` sends it every request, for any host, and receives the one object of the
 * password in that address. So no file can make the program read anything else.
 */
export type RangeServer = {
  /** Serves a source until `remove` is called. Returns the address with its password, as programs need it. */
  add(source: RangeSource): Promise<{ readonly address: string; readonly remove: () => void }>
  close(): Promise<void>
}

/** Bytes read and sent at once. */
const CHUNK_BYTES = 64 * 1024

export function createRangeServer(): RangeServer {
  const sources = new Map<string, RangeSource>()
  let listening: Promise<Server> | undefined
  return {
    add: async (source) => {
      listening ??= listen((request, response) => serve(sources, request, response))
      const { port } = (await listening).address() as AddressInfo
      const password = randomBytes(32).toString('hex')
      sources.set(password, source)
      return {
        address: `http://object:${password}@127.0.0.1:${port}/`,
        remove: () => sources.delete(password),
      }
    },
    close: async () => {
      const server = await listening
      if (server === undefined) return
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

function listen(handler: (request: IncomingMessage, response: ServerResponse) => void): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer(handler)
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => resolve(server.unref()))
  })
}

function serve(
  sources: ReadonlyMap<string, RangeSource>,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  const source = sources.get(passwordOf(request))
  if (source === undefined) {
    // ffmpeg sends the password only after this answer.
    response.writeHead(407, { 'Proxy-Authenticate': 'Basic realm="objects"' }).end()
  } else if (request.method !== 'GET') response.writeHead(405, { Allow: 'GET' }).end()
  else sendRange(source, request.headers.range, response)
}

function passwordOf({ headers }: IncomingMessage): string {
  const [, base64 = ''] = /^Basic (\S+)$/.exec(headers['proxy-authorization'] ?? '') ?? []
  return Buffer.from(base64, 'base64').toString('latin1').split(':')[1] ?? ''
}

function sendRange(source: RangeSource, header: string | undefined, response: ServerResponse): void {
  const { size } = source
  const range = /^bytes=(\d+)-(\d*)$/.exec(header ?? 'bytes=0-')
  const start = Number(range?.[1] ?? size)
  const end = Math.min(range?.[2] ? Number(range[2]) + 1 : size, size)
  if (start >= end) {
    response.writeHead(416, { 'Content-Range': `bytes */${size}` }).end()
    return
  }
  response.writeHead(206, {
    'Accept-Ranges': 'bytes',
    'Content-Length': end - start,
    'Content-Range': `bytes ${start}-${end - 1}/${size}`,
  })
  // A program that has what it needs closes the connection. A source that fails ends it early, and keeps its reason.
  pipeline(Readable.from(chunksOf(source, start, end)), response).catch(() => undefined)
}

async function* chunksOf(source: RangeSource, start: number, end: number): AsyncGenerator<Buffer> {
  for (let at = start; at < end; ) {
    const chunk = await source.read(at, Math.min(CHUNK_BYTES, end - at))
    yield chunk
    at += chunk.length
  }
}
