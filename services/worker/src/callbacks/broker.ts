import type { Log } from '@kinoprint/core'
import { rejectOnAbort } from '@kinoprint/runtime'
import { type ChannelModel, type ConfirmChannel, connect } from 'amqplib'

type BrokerMessage = {
  readonly mode: 'Queue' | 'Topic'
  /** An existing queue, or an existing fanout exchange. */
  readonly name: string
  readonly body: Buffer
  readonly contentType: string
  readonly messageId: string
  readonly headers: Readonly<Record<string, string>>
}

export type Broker = {
  /** Resolves when the broker has confirmed the message. Rejects if the broker refuses it or `signal` is aborted. */
  publish(message: BrokerMessage, options: { readonly signal: AbortSignal }): Promise<void>
  close(): Promise<void>
}

type BrokerOptions = {
  readonly log: Log
  /** Time limit for connecting, in milliseconds; shorter than that of an attempt. */
  readonly connectTimeoutMs?: number
}

const CONNECT_TIMEOUT_MS = 8_000
const CLOSE_TIMEOUT_MS = 1_000

/**
 * A client of RabbitMQ over AMQP 0-9-1. It connects on the first message and reconnects after a failure. Each
 * message uses its own channel, because a refused message closes its channel.
 */
export function openBroker(
  amqpUrl: string,
  { log, connectTimeoutMs = CONNECT_TIMEOUT_MS }: BrokerOptions,
): Broker {
  let connection: Promise<ChannelModel> | null = null

  const connected = (): Promise<ChannelModel> => {
    if (connection !== null) return connection
    const opening = openConnection(amqpUrl, connectTimeoutMs)
    const forget = (): void => {
      if (connection === opening) connection = null
    }
    connection = opening
    opening.then((model) => {
      model.on('error', (err) => log.warn({ err }, 'Lost the connection to the message broker'))
      model.on('close', forget)
    }, forget)
    return opening
  }

  const disconnect = async (): Promise<void> => {
    const dropped = connection
    connection = null
    await dropped?.then((model) => model.close()).catch(() => undefined)
  }

  return {
    publish: async (message, { signal }) => {
      const publishing = connected()
        .then((model) => model.createConfirmChannel())
        .then((channel) => publishOn(channel, message))
      try {
        await rejectOnAbort(publishing, signal)
      } catch (error) {
        // The connection may be dead without an error, so the next message opens a new one.
        if (signal.aborted) void disconnect()
        throw error
      }
    },
    close: () => {
      // A broker that does not respond must not delay a shutdown.
      const timeout = new Promise<void>((resolve) => setTimeout(resolve, CLOSE_TIMEOUT_MS).unref())
      return Promise.race([disconnect(), timeout])
    },
  }
}

async function openConnection(amqpUrl: string, timeout: number): Promise<ChannelModel> {
  const model = await connect(amqpUrl, { timeout, noDelay: true })
  // An error event without a listener would crash the process.
  model.on('error', () => undefined)
  return model
}

async function publishOn(channel: ConfirmChannel, message: BrokerMessage): Promise<void> {
  const { mode, name, body, contentType, messageId, headers } = message
  const [exchange, routingKey] = mode === 'Queue' ? ['', name] : [name, '']
  try {
    await new Promise<void>((resolve, reject) => {
      let isReturned = false
      channel.on('return', () => {
        isReturned = true
      })
      channel.on('error', reject)
      channel.on('close', () => reject(new Error('The message broker closed the channel.')))
      const options = {
        // A missing queue is an error, but a fanout exchange without queues is not.
        mandatory: mode === 'Queue',
        persistent: true,
        contentType,
        messageId,
        headers: { ...headers },
        timestamp: Math.floor(Date.now() / 1000),
      }
      // The broker returns an unroutable message before it confirms it.
      channel.publish(exchange, routingKey, body, options, (error) => {
        if (error)
          reject(error instanceof Error ? error : new Error('The message broker refused the message.'))
        else if (isReturned) reject(new Error(`The message broker has no queue ${name}.`))
        else resolve()
      })
    })
  } finally {
    channel.close().catch(() => undefined)
  }
}
