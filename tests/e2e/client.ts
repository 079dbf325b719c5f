import { randomUUID } from 'node:crypto'
import { createReadStream } from 'node:fs'
import COS from 'cos-sdk-3'

/** The address and the secrets of a running product. */
export type Address = {
  readonly url: string
  readonly adminToken: string
  readonly secretId: string
  readonly secretKey: string
}

export type DetectionView = {
  readonly VideoId: string
  readonly Similar: string
  readonly SimilarDuration: string
  readonly Duration: string
  readonly Audio: { readonly Similar: string }
  readonly MatchDetail?: MatchView | readonly MatchView[]
}
type MatchView = Readonly<Record<'MatchStartTime' | 'MatchEndTime' | 'SrcStartTime' | 'SrcEndTime', string>>
export type JobView = {
  readonly Warning?: string
  readonly JobId: string
  readonly State: string
  readonly Code: string
  readonly Message: string
  readonly Progress: string
  readonly Operation: {
    readonly UserData?: string
    readonly JobLevel: string
    readonly DNAResult?: {
      readonly VideoId: string
      readonly Duration: string
      readonly Detection?: DetectionView | readonly DetectionView[]
    }
  }
}
export type Submit = {
  readonly rule: 'GetFingerPrint' | 'FindSimilarVideo' | 'DeleteFingerPrint'
  readonly library: string
  readonly object: string
  readonly videoId?: string
  readonly level?: 0 | 1 | 2
  readonly userData?: string
}

/** The default bucket, because a client that uses an IP address names none. */
const BUCKET = 'kinoprint-1250000000'
const POLL_MS = 60
const MOST_POLL_MS = 1000
const ENDED = new Set(['Success', 'Failed', 'Cancel'])

export type Client = ReturnType<typeof createClient>

/** A client like a user's: the official SDK for jobs, plain HTTP for the admin API. */
export function createClient(address: Address) {
  return { ...createJobClient(address), ...createAdminClient(address) }
}

function createJobClient({ url, secretId, secretKey }: Address) {
  const cos = new COS({ SecretId: secretId, SecretKey: secretKey, Protocol: 'http:' })

  /** Sends a request and returns the elements of the answer by name. */
  async function send(
    method: 'GET' | 'POST' | 'PUT',
    key: string,
    body?: string,
    query: Record<string, string> = {},
  ) {
    const answer = await cos.request({
      Method: method,
      Key: key,
      Url: `${url}/${key}`,
      Bucket: BUCKET,
      Region: 'ap-local',
      Query: query,
      Headers: body === undefined ? {} : { 'content-type': 'application/xml' },
      ...(body === undefined ? {} : { Body: body }),
    })
    return answer as unknown as Record<string, Record<string, unknown>>
  }

  /** Sends a request of the job API and returns its response. */
  async function request(...args: Parameters<typeof send>) {
    const { Response = {} } = await send(...args)
    return Response
  }

  async function submit(job: Submit): Promise<string> {
    const response = await request('POST', 'jobs', jobXml(job))
    return (response.JobsDetail as JobView).JobId
  }

  async function job(jobId: string): Promise<JobView> {
    const response = await request('GET', `jobs/${jobId}`)
    return response.JobsDetail as JobView
  }

  /**
   * Waits until the job has ended, for at most `limitMs`. The pause between requests is `patience` times the time waited
   * so far, at most 1 s, because frequent requests would cost as much CPU time as the job.
   */
  async function ended(jobId: string, limitMs = 250_000, { patience = 0 } = {}): Promise<JobView> {
    const begin = Date.now()
    const until = begin + limitMs
    for (;;) {
      const view = await job(jobId)
      if (ENDED.has(view.State)) return view
      if (Date.now() > until) throw new Error(`Job ${jobId} is still ${view.State} after ${limitMs} ms.`)
      const pauseMs = Math.min(MOST_POLL_MS, Math.max(POLL_MS, patience * (Date.now() - begin)))
      await new Promise((resolve) => setTimeout(resolve, pauseMs))
    }
  }

  async function run(job: Submit): Promise<JobView> {
    return ended(await submit(job))
  }

  return { cos, send, request, submit, job, ended, run }
}

function createAdminClient({ url, adminToken }: Address) {
  async function admin(method: string, path: string, body?: unknown): Promise<Response> {
    return fetch(`${url}/admin${path}`, {
      method,
      headers: {
        authorization: `Bearer ${adminToken}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
  }

  async function adminJson<T>(method: string, path: string, body?: unknown): Promise<T> {
    const answer = await admin(method, path, body)
    const text = await answer.text()
    if (!answer.ok) throw new Error(`${method} /admin${path} returned ${answer.status}: ${text}`)
    return (text === '' ? null : JSON.parse(text)) as T
  }

  async function upload(object: string, file: string, bucket = BUCKET): Promise<void> {
    const answer = await fetch(`${url}/admin/objects/${bucket}/${object}`, {
      method: 'PUT',
      headers: { authorization: `Bearer ${adminToken}` },
      body: createReadStream(file),
      duplex: 'half',
    } as unknown as RequestInit)
    if (answer.status !== 201)
      throw new Error(`The upload of ${object} returned ${answer.status}: ${await answer.text()}`)
  }

  async function createLibrary(settings: Record<string, unknown> = {}): Promise<string> {
    const library = await adminJson<{ dnaDbId: string }>('POST', '/libraries', {
      name: `e2e ${randomUUID()}`,
      ...settings,
    })
    return library.dnaDbId
  }

  return { admin, adminJson, upload, createLibrary }
}

/** The request body of POST /jobs. */
export function jobXml({ rule, library, object, videoId, level, userData }: Submit): string {
  const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
  const optional = (name: string, value: string | number | undefined) =>
    value === undefined ? '' : `<${name}>${escaped(String(value))}</${name}>`
  return (
    `<Request><Tag>DNA</Tag><Input><Object>${escaped(object)}</Object></Input><Operation><DnaConfig>` +
    `<RuleType>${rule}</RuleType><DnaDbId>${library}</DnaDbId>${optional('VideoId', videoId)}</DnaConfig>` +
    `${optional('UserData', userData)}${optional('JobLevel', level)}</Operation></Request>`
  )
}

/** The SDK returns one element as an object and several as an array. */
function list<T>(value: T | readonly T[] | undefined): readonly T[] {
  return value === undefined ? [] : Array.isArray(value) ? (value as readonly T[]) : [value as T]
}

export function detections(job: JobView): readonly DetectionView[] {
  return list(job.Operation.DNAResult?.Detection)
}

export function matches(detection: DetectionView | undefined): readonly (readonly number[])[] {
  return list(detection?.MatchDetail).map((match) =>
    [match.SrcStartTime, match.SrcEndTime, match.MatchStartTime, match.MatchEndTime].map(Number),
  )
}
