import COS2 from 'cos-sdk-2'
import COS3 from 'cos-sdk-3'
import type { Address } from '../e2e/client.ts'

/** The two tested releases of the official SDK, and the two ways to point them at another server. */
export const releases = ['3.0.0', '2.15.4'] as const
const ways = ['Url', 'Ip'] as const
export type Release = (typeof releases)[number]
export type Way = (typeof ways)[number]

export const everyClient: readonly { readonly release: Release; readonly way: Way }[] = releases.flatMap(
  (release) => ways.map((way) => ({ release, way })),
)

/** An element as the SDK returns it: text, children by name, or an array for a repeated name. */
export type Element = string | { readonly [name: string]: Element } | readonly Element[] | undefined

export type Call = {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  /** Without the leading slash, e.g. `jobs/j1`. */
  readonly key: string
  readonly query?: Readonly<Record<string, string>>
  readonly body?: string
  readonly headers?: Readonly<Record<string, string>>
  /** The query that the SDK adds. */
  readonly action?: string
}

type SdkAnswer = {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly response: Element
}

/** The SDK's error for a status of 400 or above. */
type SdkError = Error & {
  readonly code: string
  readonly statusCode?: number
  readonly headers?: Readonly<Record<string, string>>
  readonly error?: Readonly<Record<string, string>>
}

export type Sdk = {
  call(call: Call): Promise<SdkAnswer>
  /** The error that the SDK raises. Throws if there is none. */
  failure(call: Call): Promise<SdkError>
  /** Number of requests sent so far, including retries. */
  sent(): number
}

export type SdkOptions = {
  readonly release: Release
  readonly way: Way
  readonly address: Pick<Address, 'url' | 'secretId' | 'secretKey'>
  readonly bucket?: string
  readonly region?: string
  /** More options of the SDK's constructor. */
  readonly options?: Readonly<Record<string, unknown>>
}

export const SDK_BUCKET = 'films-1250000000'
export const SDK_REGION = 'ap-chongqing'

type Raw = {
  readonly statusCode: number
  readonly headers: Record<string, string>
  readonly Response?: Element
}

/** An official client. `Url` names the server's address. `Ip` keeps the official host name and connects to the server. */
export function createSdk({ release, way, address, ...rest }: SdkOptions): Sdk {
  const { bucket = SDK_BUCKET, region = SDK_REGION, options = {} } = rest
  const { url, secretId, secretKey } = address
  const settings = {
    SecretId: secretId,
    SecretKey: secretKey,
    Protocol: 'http:',
    ...(way === 'Ip' ? { Ip: new URL(url).host } : {}),
    ...options,
  }
  // The SDK accepts more options than its types allow.
  const given = settings as ConstructorParameters<typeof COS3>[0]
  const cos = release === '3.0.0' ? new COS3(given) : new COS2(given)
  const origin = way === 'Ip' ? `http://${bucket}.ci.${region}.myqcloud.com` : url
  let sent = 0
  cos.on('before-send', () => {
    sent += 1
  })

  async function call({ method, key, query = {}, body, headers = {}, action }: Call): Promise<SdkAnswer> {
    const answer = (await cos.request({
      Method: method,
      Key: key,
      Url: `${origin}/${key}`,
      Bucket: bucket,
      Region: region,
      Query: { ...query },
      Headers: { ...(body === undefined ? {} : { 'Content-Type': 'application/xml' }), ...headers },
      ...(body === undefined ? {} : { Body: body }),
      ...(action === undefined ? {} : { Action: action }),
    } as Parameters<typeof cos.request>[0])) as unknown as Raw
    return { status: answer.statusCode, headers: answer.headers, response: answer.Response }
  }

  async function failure(request: Call): Promise<SdkError> {
    const answer = await call(request).catch((error: SdkError) => error)
    if (answer instanceof Error || 'code' in answer) return answer as SdkError
    throw new Error(`${request.method} /${request.key} returned ${answer.status} instead of an error.`)
  }

  return { call, failure, sent: () => sent }
}

/** The child or text at the end of a path, or undefined. */
export function at(element: Element, ...path: readonly string[]): Element {
  return path.reduce<Element>(
    (found, name) =>
      typeof found === 'object' && !Array.isArray(found)
        ? (found as { readonly [name: string]: Element })[name]
        : undefined,
    element,
  )
}

export function textAt(element: Element, ...path: readonly string[]): string {
  const found = at(element, ...path)
  if (typeof found !== 'string') throw new Error(`${path.join('.')} has no text.`)
  return found
}

/** All elements of one name. */
export function allAt(element: Element, ...path: readonly string[]): readonly Element[] {
  const found = at(element, ...path)
  if (found === undefined) return []
  return Array.isArray(found) ? found : [found as Element]
}
