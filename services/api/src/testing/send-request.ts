import { type IncomingHttpHeaders, request } from 'node:http'

export type Sent = {
  readonly method: string
  /** Sent unchanged, without normalisation. */
  readonly target: string
  readonly headers?: Readonly<Record<string, string | number>>
  readonly body?: string | Buffer | undefined
  /** Send the body chunked, without Content-Length. */
  readonly chunked?: boolean
  /** Close the connection after writing the body. */
  readonly breakOff?: boolean
}

export type Answered = {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: Buffer
  readonly text: string
}

/** Sends a request with node:http, which does not normalise paths and hosts as fetch does. */
export function sendRequest(port: number, sent: Sent): Promise<Answered> {
  return new Promise((resolve, reject) => {
    const { method, target, body, chunked = false } = sent
    const length = body === undefined || chunked ? {} : { 'content-length': Buffer.byteLength(body) }
    const headers = { ...length, ...sent.headers }
    const req = request({ host: '127.0.0.1', port, method, path: target, headers, agent: false })
    req.on('error', reject)
    req.on('response', (res) => {
      const chunks: Buffer[] = []
      res.on('data', (chunk: Buffer) => chunks.push(chunk))
      res.on('error', reject)
      res.on('end', () => {
        const whole = Buffer.concat(chunks)
        resolve({
          status: res.statusCode ?? 0,
          headers: res.headers,
          body: whole,
          text: whole.toString('utf8'),
        })
      })
    })
    if (sent.breakOff) {
      req.write(body, () => req.destroy(new Error('broken off')))
      return
    }
    if (body !== undefined && chunked) req.write(body)
    req.end(chunked ? undefined : body)
  })
}

/** The texts of all elements with a name, in order. */
export function tags(name: string, xml: string): string[] {
  return [...xml.matchAll(new RegExp(`<${name}>([^<]*)</${name}>`, 'g'))].map((match) => match[1] ?? '')
}

/** The text of the first element with a name. */
export function tag(name: string, xml: string): string | undefined {
  return tags(name, xml)[0]
}
