import type { Duplex } from 'node:stream'
import { errorXml } from '@kinoprint/contract'
import { newRequestId } from '@kinoprint/core'
import { type Cors, originIn } from './cors.ts'

const reasons: Readonly<Record<string, { status: string; message: string }>> = {
  HPE_HEADER_OVERFLOW: {
    status: '431 Request Header Fields Too Large',
    message: 'The request headers are too large.',
  },
  ERR_HTTP_REQUEST_TIMEOUT: { status: '408 Request Timeout', message: 'The request did not arrive in time.' },
}

/** How long to read and discard the rest of a request. Closing at once would reset the connection. */
const LINGER_MS = 2_000

const answered = new WeakSet<Duplex>()

/** An error from Node's HTTP parser, with the bytes it stopped at. */
type MalformedRequest = Error & { readonly code?: string; readonly rawPacket?: Uint8Array }

/** Responds to a request that Node's parser rejected and that therefore reaches no router. */
export function answerMalformedRequest(
  { headersOf }: Pick<Cors, 'headersOf'>,
  error: MalformedRequest,
  socket: Duplex,
): void {
  // The parser repeats the error for every later chunk.
  if (answered.has(socket) && error.code !== 'ECONNRESET') return
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy()
    return
  }
  const { status, message } = reasons[error.code ?? ''] ?? {
    status: '400 Bad Request',
    message: 'The request is not valid HTTP.',
  }
  const headers = headersOf(originIn(error.rawPacket))
  answerOverSocket(socket, { status, code: 'InvalidArgument', message, headers })
}

/** Rejects CONNECT, for which Node provides no response object. */
export function answerConnect(_req: unknown, socket: Duplex): void {
  socket.on('error', () => socket.destroy())
  socket.resume()
  answerOverSocket(socket, {
    status: '404 Not Found',
    code: 'InvalidUrl',
    message: 'CONNECT is not supported. This server is not a proxy.',
  })
}

type SocketAnswer = {
  readonly status: string
  readonly code: string
  readonly message: string
  readonly headers?: Readonly<Record<string, string>>
}

function answerOverSocket(socket: Duplex, { status, code, message, headers = {} }: SocketAnswer): void {
  answered.add(socket)
  const timer = setTimeout(() => socket.destroy(), LINGER_MS)
  socket.once('close', () => clearTimeout(timer))
  const requestId = newRequestId()
  const traceId = newRequestId()
  const body = errorXml({
    error: { httpStatus: Number.parseInt(status, 10), code, message, details: {} },
    resource: '/',
    requestId,
    traceId,
  })
  socket.end(
    [
      `HTTP/1.1 ${status}`,
      'Server: tencent-ci',
      `Date: ${new Date().toUTCString()}`,
      'Content-Type: application/xml',
      `Content-Length: ${Buffer.byteLength(body)}`,
      `x-ci-request-id: ${requestId}`,
      `x-cos-request-id: ${requestId}`,
      `x-ci-trace-id: ${traceId}`,
      `x-cos-trace-id: ${traceId}`,
      ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
      'Connection: close',
      '',
      body,
    ].join('\r\n'),
  )
}
