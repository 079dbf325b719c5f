import { connect as connectTo, createServer, type Server, type Socket } from 'node:net'
import type { Database } from '../database.ts'
import { migratedServerDatabase, migrationsDir, serverDatabase } from '../databases.fixture.ts'
import { openDatabase } from '../open.ts'
import { shardSessionSettings } from './plproxy.ts'
import { type StoreWhenAway, withShards } from './shards.ts'

export type TestShard = {
  readonly name: string
  /** The shard's database itself, also while it is cut off. */
  readonly db: Database
  /** Ends all connections to the shard and refuses new ones. */
  cutOff(): Promise<void>
  /** Keeps all connections and accepts new ones, but passes nothing on, as a server that was stopped does. */
  hang(): void
  comeBack(): Promise<void>
}

type ProcessOptions = {
  readonly whenAway?: StoreWhenAway
  /** How long a shard may take for a trivial answer. Default: long enough for a busy machine. */
  readonly answerMs?: number
}

export type ShardedDatabase = {
  readonly db: Database
  readonly shards: readonly TestShard[]
  /** Another process of the same installation. */
  another(options?: ProcessOptions): Promise<Database>
  close(): Promise<void>
}

const PATIENT_MS = 60_000

/** A primary and empty databases for shards, none of them added. Each shard is reached through a gate of its own. */
export async function openSharded(names: readonly string[]): Promise<ShardedDatabase> {
  const primary = await migratedServerDatabase()
  const opened = await Promise.all(names.map(openShard))
  const urls = new Map(opened.map(({ shard, url }) => [shard.name, url]))
  const processes: Database[] = []
  const open = async ({ whenAway, answerMs = PATIENT_MS }: ProcessOptions = {}): Promise<Database> => {
    const sessionSettings = shardSessionSettings(urls)
    const db = await openDatabase({ databaseUrl: primary.url, sessionSettings })
    const databases = new Map<string, Database>()
    for (const [name, databaseUrl] of urls)
      databases.set(name, await openDatabase({ databaseUrl, connectTimeoutMs: answerMs }))
    const sharded = withShards(db, {
      databases,
      migrationsDir,
      whenAway,
      awayMs: 0,
      answerMs,
      askMs: 2 * answerMs,
    })
    processes.push(sharded)
    return sharded
  }
  return {
    db: await open(),
    shards: opened.map(({ shard }) => shard),
    another: open,
    close: async () => {
      for (const db of processes) await db.close()
      for (const { close } of opened) await close()
      await primary.drop()
    },
  }
}

async function openShard(name: string) {
  const { url, drop } = await serverDatabase()
  const gate = await openGate(new URL(url))
  const db = await openDatabase({ databaseUrl: url })
  const through = new URL(url)
  through.hostname = '127.0.0.1'
  through.port = String(gate.port)
  const close = async (): Promise<void> => {
    await db.close()
    await gate.cutOff()
    await drop()
  }
  const { cutOff, hang, comeBack } = gate
  return { shard: { name, db, cutOff, hang, comeBack }, url: through.href, close }
}

/** A port that forwards connections to a server until it is cut off. */
async function openGate({ hostname, port }: URL) {
  const sockets = new Set<Socket>()
  let hangs = false
  const forward = (client: Socket): void => {
    if (hangs) client.pause()
    const server = connectTo(Number(port), hostname)
    for (const socket of [client, server]) {
      sockets.add(socket)
      socket.on('error', () => undefined)
      socket.on('close', () => {
        sockets.delete(socket)
        client.destroy()
        server.destroy()
      })
    }
    if (!hangs) client.pipe(server).pipe(client)
  }
  let listening = await listen(forward, 0)
  const own = listening.port
  return {
    port: own,
    cutOff: async (): Promise<void> => {
      const closed = new Promise<void>((resolve) => listening.server.close(() => resolve()))
      for (const socket of sockets) socket.destroy()
      await closed
    },
    hang: (): void => {
      hangs = true
      for (const socket of sockets) socket.unpipe().pause()
    },
    comeBack: async (): Promise<void> => {
      if (hangs) {
        // What waits at the gate is lost, as with a network that comes back.
        hangs = false
        for (const socket of sockets) socket.destroy()
        return
      }
      listening = await listen(forward, own)
    },
  }
}

function listen(forward: (client: Socket) => void, port: number): Promise<{ server: Server; port: number }> {
  return new Promise((resolve, reject) => {
    const server = createServer(forward)
    server.once('error', reject)
    server.listen(port, '127.0.0.1', () => {
      const address = server.address()
      resolve({ server, port: typeof address === 'object' && address !== null ? address.port : 0 })
    })
  })
}
