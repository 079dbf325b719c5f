import type { AddressInfo } from 'node:net'
import { createServer, type Socket } from 'node:net'
import { createServer as createTlsServer } from 'node:tls'
import { openScram, type ScramExchange, type ScramHash } from './scram.fixture.ts'

/**
 * A stand-in for a Kafka broker: it knows only what a client needs to produce to existing topics (ApiVersions 3,
 * Metadata 12, Produce 11, SaslHandshake 1, SaslAuthenticate 2 with PLAIN and SCRAM). It is no proof that a real broker accepts the messages.
 */
export type KafkaStandIn = {
  readonly address: string
  /** Everything that clients sent. */
  readonly received: Buffer[]
  /** The bytes of each Produce request. */
  readonly produced: Buffer[]
  /** Error codes of the next responses to Produce. */
  failNext: number[]
  readonly close: () => Promise<void>
}

export type StandInOptions = {
  /** Its certificate and key, with TLS. */
  readonly tls?: { readonly cert: string; readonly key: string }
  /** Whom it lets in, with SASL. A connection that has not signed in is closed. */
  readonly login?: {
    readonly username: string
    readonly password: string
    /** With SCRAM. Default: PLAIN. */
    readonly scram?: ScramHash
    /** Whether it does not know the password, and signs with another one. */
    readonly isForged?: boolean
  }
}

const API = { produce: 0, metadata: 3, saslHandshake: 17, apiVersions: 18, saslAuthenticate: 36 } as const
const UNSUPPORTED_SASL_MECHANISM = 33
const SASL_AUTHENTICATION_FAILED = 58
const UNKNOWN_TOPIC = 3
const NO_TAGS = Buffer.from([0])
const NULL = Buffer.from([0])

function int8(value: number): Buffer {
  return Buffer.from([value])
}
function int16(value: number): Buffer {
  const bytes = Buffer.alloc(2)
  bytes.writeInt16BE(value)
  return bytes
}
function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeInt32BE(value)
  return bytes
}
/** Lengths here are under 127, so that they take one byte. */
function text(value: string): Buffer {
  return Buffer.concat([int8(Buffer.byteLength(value) + 1), Buffer.from(value)])
}
/** A text whose length may take two bytes. */
function longText(value: string): Buffer {
  const length = Buffer.byteLength(value) + 1
  const size = length < 128 ? [length] : [(length & 127) | 128, length >> 7]
  return Buffer.concat([Buffer.from(size), Buffer.from(value)])
}
function list(items: readonly Buffer[]): Buffer {
  return Buffer.concat([int8(items.length + 1), ...items])
}

export async function startKafkaStandIn(
  topics: readonly string[],
  { tls, login }: StandInOptions = {},
): Promise<KafkaStandIn> {
  const sockets = new Set<Socket>()
  const signIns = new WeakMap<Socket, SignIn>()
  const serve = (socket: Socket): void => {
    sockets.add(socket)
    signIns.set(socket, openSignIn(login))
    let received = Buffer.alloc(0)
    socket.on('error', () => undefined).on('close', () => sockets.delete(socket))
    socket.on('data', (chunk) => {
      state.received.push(chunk)
      received = Buffer.concat([received, chunk])
      while (received.length >= 4 && received.length >= 4 + received.readInt32BE(0)) {
        const end = 4 + received.readInt32BE(0)
        const request = received.subarray(4, end)
        const signIn = signIns.get(socket)
        if (signIn === undefined || !mayAsk(signIn, request)) return void socket.destroy()
        // As brokers do, it closes the connection once the client knows that its login is wrong.
        socket.write(
          answer(signIn, request),
          () => signIn.isWrong() && setTimeout(() => socket.destroy(), 20),
        )
        received = received.subarray(end)
      }
    })
  }
  const server = tls === undefined ? createServer(serve) : createTlsServer(tls, serve)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const state: KafkaStandIn = {
    address: `127.0.0.1:${port}`,
    received: [],
    produced: [],
    failNext: [],
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        for (const socket of sockets) socket.destroy()
      }),
  }

  /** Whether a client that must sign in first has done so. */
  function mayAsk(signIn: SignIn, request: Buffer): boolean {
    const isOpen: readonly number[] = [API.apiVersions, API.saslHandshake, API.saslAuthenticate]
    return login === undefined || signIn.isDone() || isOpen.includes(request.readInt16BE(0))
  }

  function answer(signIn: SignIn, request: Buffer): Buffer {
    const [api, correlation] = [request.readInt16BE(0), request.readInt32BE(4)]
    const isUntagged = api === API.apiVersions || api === API.saslHandshake
    const head = isUntagged ? int32(correlation) : Buffer.concat([int32(correlation), NO_TAGS])
    const body = Buffer.concat([head, bodyOf(api, request, signIn)])
    return Buffer.concat([int32(body.length), body])
  }

  function bodyOf(api: number, request: Buffer, signIn: SignIn): Buffer {
    if (api === API.apiVersions) return apiVersions()
    if (api === API.metadata) return metadata(namesIn(request))
    if (api === API.saslHandshake) {
      const isKnown = request.subarray(8).includes(signIn.mechanism)
      return Buffer.concat([int16(isKnown ? 0 : UNSUPPORTED_SASL_MECHANISM), int32(0)])
    }
    if (api === API.saslAuthenticate) {
      const reply = signIn.take(saslBytesOf(request))
      const error = int16(reply === null ? SASL_AUTHENTICATION_FAILED : 0)
      return Buffer.concat([error, NULL, longText(reply ?? ''), Buffer.alloc(8), NO_TAGS])
    }
    state.produced.push(Buffer.from(request))
    return produced(topics[0] ?? '', state.failNext.shift() ?? 0)
  }

  /** Topics by name, each with one partition, whose leader is this broker. */
  function metadata(names: readonly string[]): Buffer {
    const broker = Buffer.concat([int32(1), text('127.0.0.1'), int32(port), NULL, NO_TAGS])
    const partition = [int16(0), int32(0), int32(1), int32(0), list([int32(1)]), list([int32(1)]), list([])]
    const described = names.map((name) => {
      const isKnown = topics.includes(name)
      const partitions = isKnown ? [Buffer.concat([...partition, NO_TAGS])] : []
      const error = int16(isKnown ? 0 : UNKNOWN_TOPIC)
      return Buffer.concat([
        error,
        text(name),
        Buffer.alloc(16),
        int8(0),
        list(partitions),
        int32(0),
        NO_TAGS,
      ])
    })
    return Buffer.concat([int32(0), list([broker]), text('stand-in'), int32(1), list(described), NO_TAGS])
  }
  return state
}

/** One client that signs in. */
type SignIn = {
  readonly mechanism: string
  /** The reply to a message, or null if it is wrong. */
  take(message: string): string | null
  isDone(): boolean
  isWrong(): boolean
}

function openSignIn(login: StandInOptions['login']): SignIn {
  let state: 'new' | 'challenged' | 'done' | 'wrong' = 'new'
  const scram: ScramExchange | null =
    login?.scram === undefined ? null : openScram({ ...login, hash: login.scram })
  const reply = (message: string): string | null => {
    if (scram === null) return message === `\0${login?.username}\0${login?.password}` ? '' : null
    return state === 'new' ? scram.first(message) : scram.final(message)
  }
  return {
    mechanism: scram === null ? 'PLAIN' : `SCRAM-${login?.scram === 'sha256' ? 'SHA-256' : 'SHA-512'}`,
    take: (message) => {
      const answer = reply(message)
      if (answer === null) state = 'wrong'
      else state = scram === null || state === 'challenged' ? 'done' : 'challenged'
      return answer
    },
    isDone: () => state === 'done',
    isWrong: () => state === 'wrong',
  }
}

/** The message within a SaslAuthenticate request. */
function saslBytesOf(request: Buffer): string {
  let at = 8 + 2 + Math.max(0, request.readInt16BE(8)) + 1
  let length = 0
  for (let shift = 0; ; shift += 7) {
    const byte = request.readUInt8(at++)
    length |= (byte & 127) << shift
    if (byte < 128) break
  }
  return request.toString('utf8', at, at + length - 1)
}

function apiVersions(): Buffer {
  const versions = [
    [API.produce, 11],
    [API.metadata, 12],
    [API.apiVersions, 3],
  ] as const
  const known = versions.map(([api, version]) =>
    Buffer.concat([int16(api), int16(version), int16(version), NO_TAGS]),
  )
  return Buffer.concat([int16(0), list(known), int32(0), NO_TAGS])
}

function produced(topic: string, error: number): Buffer {
  const offset = Buffer.alloc(24)
  const partition = Buffer.concat([int32(0), int16(error), offset, list([]), NULL, NO_TAGS])
  return Buffer.concat([list([Buffer.concat([text(topic), list([partition]), NO_TAGS])]), int32(0), NO_TAGS])
}

/** The topics of a Metadata request. */
function namesIn(request: Buffer): string[] {
  let at = 8 + 2 + request.readInt16BE(8) + 1
  const count = request.readUInt8(at) - 1
  at += 1
  return Array.from({ length: count }, () => {
    const length = request.readUInt8(at + 16) - 1
    const name = request.toString('utf8', at + 17, at + 17 + length)
    at += 17 + length + 1
    return name
  })
}
