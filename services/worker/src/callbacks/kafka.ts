import { isIP } from 'node:net'
import { type KafkaSecurity, rejectOnAbort } from '@kinoprint/runtime'
import type { Producer } from '@platformatic/kafka'

type KafkaMessage = {
  readonly topic: string
  /** Messages with the same key keep their order. */
  readonly key: string
  readonly body: Buffer
  readonly headers: Readonly<Record<string, string>>
}

export type Kafka = {
  /** Resolves when all replicas have the message. Rejects if the brokers refuse it or `signal` is aborted. */
  publish(message: KafkaMessage, options: { readonly signal: AbortSignal }): Promise<void>
  close(): Promise<void>
}

const CONNECT_TIMEOUT_MS = 5_000
const SEND_TIMEOUT_MS = 8_000
const CLOSE_TIMEOUT_MS = 1_000
const ALL_REPLICAS = -1
const PLAIN_TEXT: KafkaSecurity = { tls: null, login: null }

/**
 * A client of Kafka. It connects on the first message and reconnects after a failure. It creates no topics. The library
 * takes 20 MB of memory, so it is loaded only where brokers are used.
 */
export function openKafka(brokers: readonly string[], { tls, login }: KafkaSecurity = PLAIN_TEXT): Kafka {
  let producer: Producer | null = null
  const open = async (): Promise<Producer> => {
    const kafka = await import('@platformatic/kafka')
    if (producer !== null) return producer
    producer = new kafka.Producer({
      clientId: 'kinoprint',
      bootstrapBrokers: [...brokers],
      connectTimeout: CONNECT_TIMEOUT_MS,
      timeout: SEND_TIMEOUT_MS,
      // The delivery itself is retried, with growing pauses.
      retries: 0,
      autocreateTopics: false,
      ...(tls === null
        ? {}
        : { tls: tls.ca === null ? {} : { ca: tls.ca }, tlsServerName: hasNames(brokers) }),
      ...(login === null ? {} : { sasl: login }),
    })
    // The library listens for one error of a connection. A broker that refuses a login may cause a second one, which
    // would end the process. What fails is reported to its caller in any case.
    producer.connections.on('connecting', ({ connection }) => connection.on('error', () => undefined))
    return producer
  }
  const drop = async (): Promise<void> => {
    const dropped = producer
    producer = null
    try {
      await dropped?.close(true)
    } catch {
      // What is left of its connections ends with their sockets.
    }
  }
  return {
    publish: async ({ topic, key, body, headers }, { signal }) => {
      const producing = await open()
      const sending = producing.send({
        messages: [
          {
            topic,
            key: Buffer.from(key),
            value: body,
            headers: new Map(
              Object.entries(headers).map(([name, value]) => [Buffer.from(name), Buffer.from(value)]),
            ),
          },
        ],
        acks: ALL_REPLICAS,
      })
      try {
        await rejectOnAbort(sending, signal)
      } catch (error) {
        void drop()
        throw signal.aborted
          ? error
          : new Error(`Kafka did not accept the message: ${innermostText(error).replace(/\.$/, '')}.`)
      }
    },
    close: () => {
      // A broker that does not respond must not delay a shutdown.
      const timeout = new Promise<void>((resolve) => setTimeout(resolve, CLOSE_TIMEOUT_MS).unref())
      return Promise.race([drop(), timeout])
    },
  }
}

/** Whether all brokers have names. TLS knows no addresses as server names. */
function hasNames(brokers: readonly string[]): boolean {
  return brokers.every((broker) => isIP(broker.replace(/:\d+$/, '')) === 0)
}

/** The innermost messages of an error, which the client wraps in several layers. */
function innermostText(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return innermostText(error.errors[0])
  if (error instanceof Error) return error.cause === undefined ? error.message : innermostText(error.cause)
  return String(error)
}
