import type { Log } from '@kinoprint/core'
import { type ChannelModel, type ConfirmChannel, connect } from 'amqplib'
import { unlessAborted } from './unless-aborted.ts'

type BrokerMessage = {
  readonly mode: 'Queue' | 'Topic'
  /** Of the queue, or of the fanout exchange; neither is made here. */
  readonly name: string
  readonly body: Buffer
  readonly contentType: string
  readonly messageId: string
  readonly headers: Readonly<Record<string, string>>
}

export type Broker = {
  /** Resolves when the broker has taken the message over; rejects where it has not, or when `signal` says so. */
  publish(message: BrokerMessage, options: { readonly signal: AbortSignal }): Promise<void>
  close(): Promise<void>
}

type BrokerOptions = {
  readonly log: Log
  /** Until a connection counts as failed; less than an attempt may take. */
  readonly connectTimeoutMs?: number
}

const CONNECT_TIMEOUT_MS = 8_000
const CLOSE_TIMEOUT_MS = 1_000

/**
 * A RabbitMQ over AMQP 0-9-1. It is connected to when first needed, and again after the connection broke. Each
 * message has a channel of its own, because a refused one takes its channel with it.
 */
export const openBroker = (
  amqpUrl: string,
  { log, connectTimeoutMs = CONNECT_TIMEOUT_MS }: BrokerOptions,
): Broker => {
  let connection: Promise<ChannelModel> | null = null

  const connected = (): Promise<ChannelModel> => {
    if (connection !== null) return connection
    const opening = open(amqpUrl, connectTimeoutMs)
    const forget = (): void => {
      if (connection === opening) connection = null
    }
    connection = opening
    opening.then((model) => {
      model.on('error', (err) => log.warn({ err }, 'The message broker broke the connection'))
      model.on('close', forget)
    }, forget)
    return opening
  }

  const drop = async (): Promise<void> => {
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
        await unlessAborted(publishing, signal)
      } catch (error) {
        // It may be dead without knowing: the next message gets a new connection.
        if (signal.aborted) void drop()
        throw error
      }
    },
    close: () => {
      // A broker that does not say goodbye must not hold up a shutdown.
      const late = new Promise<void>((resolve) => setTimeout(resolve, CLOSE_TIMEOUT_MS).unref())
      return Promise.race([drop(), late])
    },
  }
}

/** Unread events would end the process, so they are listened to from the first moment on. */
const open = async (amqpUrl: string, timeout: number): Promise<ChannelModel> => {
  const model = await connect(amqpUrl, { timeout, noDelay: true })
  model.on('error', () => undefined)
  return model
}

const publishOn = async (channel: ConfirmChannel, message: BrokerMessage): Promise<void> => {
  const { mode, name, body, contentType, messageId, headers } = message
  const [exchange, routingKey] = mode === 'Queue' ? ['', name] : [name, '']
  try {
    await new Promise<void>((resolve, reject) => {
      let returned = false
      channel.on('return', () => {
        returned = true
      })
      channel.on('error', reject)
      channel.on('close', () => reject(new Error('The message broker closed the channel.')))
      const settings = {
        // A fanout exchange that nobody listens to is nobody's fault; a queue that is not there is one.
        mandatory: mode === 'Queue',
        persistent: true,
        contentType,
        messageId,
        headers: { ...headers },
        timestamp: Math.floor(Date.now() / 1000),
      }
      // The broker returns what it cannot route before it confirms it.
      channel.publish(exchange, routingKey, body, settings, (error) => {
        if (error)
          reject(error instanceof Error ? error : new Error('The message broker refused the message.'))
        else if (returned) reject(new Error(`The message broker has no queue ${name}.`))
        else resolve()
      })
    })
  } finally {
    channel.close().catch(() => undefined)
  }
}
