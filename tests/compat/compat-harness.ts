import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Client, createClient } from '../e2e/client.ts'
import { newFolder, type Product, startEmbedded } from '../e2e/product.ts'
import { type Footage, renderFootage } from '../footage.ts'
import { type RawAnswer, type SignedRequest, sendSigned } from './raw-http.ts'
import { SDK_BUCKET, SDK_REGION } from './sdk.ts'
import type { KeyPair } from './sign.ts'

/** The time zone of the golden files. */
const ZONE = 'Asia/Shanghai'

export type CompatHarness = {
  readonly product: Product
  readonly url: string
  readonly key: KeyPair
  /** A client of the admin API, for preparing tests. */
  readonly admin: Client
  /** Sends a signed request over a plain socket. Default host: the official one of the SDK's bucket. */
  raw(request: SignedRequest, key?: KeyPair): Promise<RawAnswer>
  /** Renders footage, once per seed, and uploads it to a bucket under that name. */
  put(object: string, footage: Footage, bucket?: string): Promise<void>
  library(settings?: Readonly<Record<string, unknown>>): Promise<string>
  /** Creates a key. Omitted policy fields allow everything. */
  newKey(policy: Readonly<Record<string, unknown>>): Promise<KeyPair>
  /** Pauses or resumes all existing queues, including that of the SDK's bucket. */
  queue(state: 'Active' | 'Paused'): Promise<void>
  close(): Promise<void>
}

export const OFFICIAL_HOST = `${SDK_BUCKET}.ci.${SDK_REGION}.myqcloud.com`

export async function openCompatHarness(settings: Record<string, string> = {}): Promise<CompatHarness> {
  return compatHarnessOver(await startEmbedded(newFolder(), { TZ: ZONE, ...settings }))
}

/** A harness over a running product. */
export function compatHarnessOver(product: Product): CompatHarness {
  const { address } = product
  const key = { secretId: address.secretId, secretKey: address.secretKey }
  const admin = createClient(address)
  const folder = mkdtempSync(join(tmpdir(), 'kinoprint-compat-'))

  async function put(object: string, footage: Footage, bucket = SDK_BUCKET): Promise<void> {
    const file = join(folder, `${footage.seed}.mp4`)
    if (!existsSync(file)) await renderFootage(file, { width: 320, height: 180, ...footage })
    await admin.upload(object, file, bucket)
  }

  async function queue(state: 'Active' | 'Paused'): Promise<void> {
    // This request creates the bucket's queue.
    await sendSigned(address.url, key, { method: 'GET', path: '/queue', host: OFFICIAL_HOST })
    const { items } = await admin.adminJson<{ items: { queueId: string }[] }>('GET', '/queues?pageSize=100')
    for (const { queueId } of items) await admin.adminJson('PATCH', `/queues/${queueId}`, { state })
  }

  return {
    product,
    url: address.url,
    key,
    admin,
    raw: (request, by = key) => sendSigned(address.url, by, { host: OFFICIAL_HOST, ...request }),
    put,
    library: (given) => admin.createLibrary({ bucket: SDK_BUCKET, region: SDK_REGION, ...given }),
    newKey: (policy) =>
      admin.adminJson<KeyPair>('POST', '/keys', {
        name: 'a policy',
        actions: ['*'],
        libraries: ['*'],
        buckets: ['*'],
        ...policy,
      }),
    queue,
    close: async () => {
      await product.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
