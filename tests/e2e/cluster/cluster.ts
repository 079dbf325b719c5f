import { appendFileSync, chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type pg from 'pg'
import { openReceiver, type Receiver } from '../../../services/worker/src/callbacks/receiver.fixture.ts'
import { askDatabase, type Part, startPart } from '../../faults/stack.ts'
import { freePort, initPostgres, runPostgres, startRedis, stop } from '../../servers.ts'
import { type Client, createClient } from '../client.ts'
import { secretsIn } from '../product.ts'
import { type Balancer, openBalancer } from './balancer.ts'
import { type Host, type Network, openNetwork, TEST_NETWORK } from './network.ts'

/** A process of the product on a host of its own. */
export type Member = Part & { readonly host: Host; readonly url: string }

/** Several APIs and workers, each in a network of its own, with one address in front of the APIs. */
export type Cluster = {
  readonly network: Network
  readonly balancer: Balancer
  readonly client: Client
  readonly dataDir: string
  readonly apis: readonly Member[]
  readonly workers: readonly Member[]
  readonly receiver: Receiver
  /** Where workers send callbacks. */
  readonly callbackUrl: string
  sql<T extends pg.QueryResultRow>(text: string, values?: readonly unknown[]): Promise<T[]>
  close(): Promise<void>
}

type ClusterOptions = { readonly apis: number; readonly workers: number; readonly concurrency: number }

export async function startCluster({ apis, workers, concurrency }: ClusterOptions): Promise<Cluster> {
  const folder = mkdtempSync(join(tmpdir(), 'kinoprint-cluster-'))
  chmodSync(folder, 0o755)
  for (const name of ['data', 'pg', 'redis']) mkdirSync(join(folder, name))
  const dataDir = join(folder, 'data')
  const network = await openNetwork()
  const addresses = [...new Set(['127.0.0.1', network.address])]
  const postgres = await startPostgres(join(folder, 'pg'), addresses)
  const redis = await startRedis(join(folder, 'redis'), await freePort(), addresses)
  const [balancer, receiver] = await Promise.all([openBalancer(), openReceiver('0.0.0.0')])
  const callbackUrl = receiver.url.replace('127.0.0.1', network.address)

  const addMember = async (name: 'api' | 'worker'): Promise<Member> => {
    const host = await network.addHost()
    const port = String(await freePort())
    const settings = {
      DATABASE_URL: await host.reach(postgres.url),
      REDIS_URL: await host.reach(redis.url),
      DATA_DIR: dataDir,
      HOST: host.address,
      PORT: port,
      TRUST_PROXY: '1',
      CALLBACK_ALLOW: network.address,
      WORKER_CONCURRENCY: String(concurrency),
    }
    const part = await startPart(name, { settings, logged: [], prefix: host.prefix })
    return Object.assign(part, { host, url: `http://${host.address}:${port}` })
  }
  // The first process makes the secrets and the tables.
  const first = await addMember('api')
  const more = await Promise.all([
    ...Array.from({ length: apis - 1 }, () => addMember('api')),
    ...Array.from({ length: workers }, () => addMember('worker')),
  ])
  const members = [first, ...more]
  const ofKind = (kind: string) => members.filter(({ name }) => name === kind)
  balancer.setBackends(ofKind('api').map(({ url }) => url))
  return {
    network,
    balancer,
    client: createClient({ url: balancer.url, ...secretsIn(dataDir) }),
    dataDir,
    apis: ofKind('api'),
    workers: ofKind('worker'),
    receiver,
    callbackUrl,
    sql: (text, values = []) => askDatabase(postgres.url, text, values),
    close: async () => {
      for (const { host, child } of members) {
        host.mend()
        child.kill('SIGCONT')
      }
      await Promise.all(members.map((member) => member.end('SIGTERM')))
      await Promise.all([balancer.close(), receiver.close()])
      await Promise.all([stop(postgres.process, 'SIGINT'), stop(redis.process, 'SIGTERM')])
      await network.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** A PostgreSQL that hosts of the test network may use. */
async function startPostgres(folder: string, addresses: readonly string[]) {
  const data = initPostgres(folder)
  appendFileSync(join(data, 'pg_hba.conf'), `host all all ${TEST_NETWORK} trust\n`)
  const listen = `listen_addresses=${addresses.join(',')}`
  const settings = [
    'fsync=off',
    'synchronous_commit=off',
    'full_page_writes=off',
    'max_connections=200',
    listen,
  ]
  return runPostgres({ folder, data, port: await freePort(), settings })
}
