import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { jobRows, settled, shelfOf } from '../faults/outcome.ts'
import { renderFootage } from '../footage.ts'
import { SERVED_BY } from './cluster/balancer.ts'
import { type Cluster, type Member, startCluster } from './cluster/cluster.ts'
import { followJobs } from './cluster/event-follower.ts'
import {
  filmObject,
  type Ground,
  heldBy,
  storeObject,
  storesIn,
  submitJobs,
  until,
  untilEnded,
} from './cluster/job-mix.ts'
import { secretsIn } from './product.ts'

const JOBS = 500
const FILMS = 4
/** Time limit for a hanging cluster. */
const LIMIT_MS = 250_000

describe('three workers and two APIs in networks of their own, behind one address', () => {
  const folder = mkdtempSync(join(tmpdir(), 'kinoprint-cluster-clips-'))
  const film = (n: number) => join(folder, `${n % FILMS}.mp4`)
  let cluster: Cluster
  let ground: Ground

  beforeAll(async () => {
    cluster = await startCluster({ apis: 2, workers: 3, concurrency: 2 })
    const { client } = cluster
    for (let n = 0; n < FILMS; n++)
      await renderFootage(film(n), { seed: 700 + n, seconds: 3, width: 96, height: 54, fps: 10 })
    for (let n = 0; n < FILMS; n++) await client.upload(filmObject(n), film(n))
    for (let n = 0; n < storesIn(JOBS); n++) await client.upload(storeObject(n), film(n))
    const films = await client.createLibrary()
    const videoIds: string[] = []
    for (let n = 0; n < FILMS; n++) {
      const job = await client.run({ rule: 'GetFingerPrint', library: films, object: filmObject(n) })
      videoIds.push(job.Operation.DNAResult?.VideoId ?? '')
    }
    const shelf = await client.createLibrary({ detectOnStore: false })
    ground = { batch: 'cluster', films, videoIds, shelf }
  })
  afterAll(async () => {
    await cluster?.close()
    rmSync(folder, { recursive: true, force: true })
  })

  test('a session that one API began holds on the other, until either ends it', async () => {
    const { balancer } = cluster
    const { cookie, csrf } = await signIn(cluster)
    const servers = new Set<string>()
    for (let n = 0; n < 4; n++) {
      const answer = await fetch(`${balancer.url}/admin/session`, { headers: { cookie } })
      expect(answer.status).toBe(200)
      servers.add(answer.headers.get(SERVED_BY) ?? '')
    }
    expect(servers.size).toBe(2)
    const headers = { cookie, 'x-kinoprint-csrf': csrf }
    const signedOut = await fetch(`${balancer.url}/admin/session`, { method: 'DELETE', headers })
    expect(signedOut.status).toBe(204)
    for (let n = 0; n < 2; n++)
      expect((await fetch(`${balancer.url}/admin/session`, { headers })).status).toBe(401)
  })

  test('the parts of an upload may go to different APIs', async () => {
    const { client, apis } = cluster
    const key = 'parts.bin'
    const parts = ['first', 'second', 'third'].map((text) => text.padEnd(1_000, '.'))
    const before = apis.map(({ url }) => cluster.balancer.answered.get(url) ?? 0)
    const begun = await client.send('POST', key, '', { uploads: '' })
    const { UploadId: uploadId } = begun.InitiateMultipartUploadResult as { UploadId: string }
    for (const [n, body] of parts.entries())
      await client.send('PUT', key, body, { partNumber: String(n + 1), uploadId })
    const listed = await client.send('GET', key, undefined, { uploadId })
    const { Part } = listed.ListPartsResult as { Part: { PartNumber: string; ETag: string }[] }
    const named = Part.map(
      ({ PartNumber, ETag }) => `<Part><PartNumber>${PartNumber}</PartNumber><ETag>${ETag}</ETag></Part>`,
    )
    const complete = `<CompleteMultipartUpload>${named.join('')}</CompleteMultipartUpload>`
    await client.send('POST', key, complete, { uploadId })
    const served = apis.map(({ url }, n) => (cluster.balancer.answered.get(url) ?? 0) - (before[n] ?? 0))
    expect(served.every((count) => count > 0)).toBe(true)
    const stored = await client.admin('GET', `/objects/kinoprint-1250000000/${key}`)
    expect(await stored.text()).toBe(parts.join(''))
  })

  test(`${JOBS} jobs end once each while a worker is killed, one is cut off, one freezes, and one and an API are replaced`, {
    tags: ['job-ends', 'by-number'],
    timeout: 3 * LIMIT_MS,
  }, async () => {
    const { apis, workers, balancer, client, sql } = cluster
    const [killed, cutOff, frozen] = workers as [Member, Member, Member]
    const { cookie } = await signIn(cluster)
    const follow = () => followJobs({ url: balancer.url, headers: { cookie } })
    const followers = [await follow(), await follow()]
    await until('both streams are open', async () => followers.every(({ servers }) => servers.length === 1))
    expect(new Set(followers.flatMap(({ servers }) => servers)).size).toBe(2)

    const first = submitJobs(cluster, ground, { from: 0, to: JOBS / 2 })
    await untilEnded(cluster, ground, JOBS * 0.1)
    await killed.end('SIGKILL')
    await stopWhileBusy(cluster, cutOff, { stop: cutOff.host.cut, resume: cutOff.host.mend })
    const signal = (name: NodeJS.Signals) => () => frozen.child.kill(name)
    await stopWhileBusy(cluster, frozen, { stop: signal('SIGSTOP'), resume: signal('SIGCONT') })
    await killed.start()
    expect(await replaceApi(cluster, 0)).toBe(0)
    const early = await first
    await untilEnded(cluster, ground, JOBS / 2)
    cutOff.host.mend()
    signal('SIGCONT')()
    const second = submitJobs(cluster, ground, { from: JOBS / 2, to: JOBS })
    await untilEnded(cluster, ground, JOBS * 0.6)
    expect(await frozen.end('SIGTERM')).toBe(0)
    await frozen.start()
    const accepted = [...early, ...(await second)]

    const { rows, deliveries } = await settled(cluster, ground, LIMIT_MS)
    expect(balancer.failures).toEqual([])
    expect(rows.filter(({ state }) => state !== 'Success')).toEqual([])
    expect(new Set(rows.map(({ n }) => n)).size).toBe(JOBS)
    expect(rows.map(({ jobId }) => jobId).sort()).toEqual([...accepted].sort())
    const { totals } = await client.adminJson<{ totals: { jobs: number } }>('GET', '/usage')
    expect(totals.jobs).toBe(JOBS + FILMS)

    // Searches found exactly their film, and each object has one video, which every store of it named.
    const found = rows.flatMap(({ ruleType, result }) =>
      ruleType === 'FindSimilarVideo' ? [result?.detections.length] : [],
    )
    expect(new Set(found)).toEqual(new Set([1]))
    const shelf = await shelfOf(cluster, ground.shelf)
    const stores = rows.filter(({ ruleType }) => ruleType === 'GetFingerPrint')
    expect(stores.filter(({ object, result }) => shelf.get(object)?.videoId !== result?.videoId)).toEqual([])
    expect(shelf.size).toBe(storesIn(JOBS))
    const fingerprints = await sql<{ published: number; all: number }>(
      `select count(v.fingerprint_id)::int as published, count(distinct v.fingerprint_id)::int as all from videos v`,
    )
    expect(fingerprints).toEqual([{ published: shelf.size + FILMS, all: shelf.size + FILMS }])
    const { result } = await client.adminJson<{ result: { faults: string[] } }>('POST', '/maintenance/check')
    expect(result.faults).toEqual([])

    // A callback may arrive again when the answer to it was lost, but always under the same id.
    expect(deliveries).toHaveLength(JOBS)
    expect(deliveries.filter(({ status }) => status !== 'Delivered')).toEqual([])
    const ids = callbackIds(cluster)
    expect([...ids.keys()].sort()).toEqual([...accepted].sort())
    expect([...ids.values()].filter((own) => own.size !== 1)).toEqual([])

    // The event streams reported the actual states, although one of them continued on the other API.
    const actual = new Map((await jobRows(cluster, ground)).map(({ jobId, state }) => [jobId, state]))
    for (const { states } of followers)
      await expect
        .poll(() => [...actual].filter(([jobId, state]) => states.get(jobId) !== state), {
          timeout: LIMIT_MS,
        })
        .toEqual([])
    const moved = followers.filter(({ servers }) => servers[0] === apis[0]?.url)
    // A stream that breaks on a busy machine goes on with the same API, which knows its last event.
    expect(moved.map(({ servers, resets }) => [new Set(servers).size, resets])).toEqual([[2, 2]])
    for (const { url } of apis) expect(balancer.answered.get(url)).toBeGreaterThan(JOBS / 10)
    await Promise.all(followers.map((follower) => follower.close()))
  })
})

async function signIn({ balancer, dataDir }: Cluster) {
  const { adminToken } = secretsIn(dataDir)
  const answer = await fetch(`${balancer.url}/admin/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ token: adminToken }),
  })
  const { csrf } = (await answer.json()) as { csrf: string }
  return { csrf, cookie: answer.headers.get('set-cookie')?.split(';')[0] ?? '' }
}

/** Stops a worker while it runs jobs. It holds them until their leases expire and other workers take them over. */
async function stopWhileBusy(
  cluster: Cluster,
  worker: Member,
  { stop, resume }: { readonly stop: () => unknown; readonly resume: () => unknown },
): Promise<void> {
  await until('the worker runs a job', async () => {
    stop()
    const isBusy = (await heldBy(cluster, worker.child.pid)).length > 0
    if (!isBusy) resume()
    return isBusy
  })
}

/** Replaces an API as an upgrade does: no new requests, SIGTERM, a new process. Returns the exit code of the old one. */
async function replaceApi({ balancer, apis }: Cluster, n: number): Promise<number | null> {
  const api = apis[n] as Member
  balancer.setBackends(apis.filter((one) => one !== api).map(({ url }) => url))
  const code = await api.end('SIGTERM')
  await api.start()
  balancer.setBackends(apis.map(({ url }) => url))
  return code
}

/** The webhook ids of the callbacks of each job that arrived. */
function callbackIds({ receiver }: Cluster): Map<string, Set<string>> {
  const ids = new Map<string, Set<string>>()
  for (const { body, headers } of receiver.received) {
    const { JobsDetail } = JSON.parse(body.toString()) as { JobsDetail: { JobId: string } }
    const own = ids.get(JobsDetail.JobId) ?? new Set()
    ids.set(JobsDetail.JobId, own.add(String(headers['webhook-id'])))
  }
  return ids
}
