import { connect } from 'amqplib'

type Message = { readonly body: string; readonly contentType: string; readonly signature: string }

/** A consumer of RabbitMQ messages. */
export type Listener = {
  /** Creates a queue and, with `exchange`, binds it to that fanout exchange. */
  queue(name: string, exchange?: string): Promise<void>
  /** Takes the next message from a queue; null if it is empty. */
  next(queue: string): Promise<Message | null>
  close(): Promise<void>
}

export async function openListener(url: string): Promise<Listener> {
  const connection = await connect(url)
  const channel = await connection.createChannel()
  return {
    queue: async (name, exchange) => {
      await channel.assertQueue(name)
      if (exchange === undefined) return
      await channel.assertExchange(exchange, 'fanout')
      await channel.bindQueue(name, exchange, '')
    },
    next: async (queue) => {
      const message = await channel.get(queue, { noAck: true })
      if (message === false) return null
      const { contentType, headers } = message.properties
      return {
        body: message.content.toString(),
        contentType: String(contentType),
        signature: String(headers?.['x-kinoprint-signature']),
      }
    },
    close: () => connection.close(),
  }
}
