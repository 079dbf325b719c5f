import { createHash, createHmac } from 'node:crypto'
import type { IncomingMessage } from 'node:http'

const hmac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text).digest()

/** Whether a request has a valid AWS Signature Version 4 for S3 in a region, as its public documentation computes it. */
export function isSignedFor(
  { method, url = '/', headers }: IncomingMessage,
  { region, secretKey }: { readonly region: string; readonly secretKey: string },
): boolean {
  const [, day = '', scope = '', names = '', given = ''] =
    /^AWS4-HMAC-SHA256 Credential=[^/]+\/(\d{8})\/([^,]+), SignedHeaders=([^,]+), Signature=(\w+)$/.exec(
      headers.authorization ?? '',
    ) ?? []
  if (scope !== `${region}/s3/aws4_request` || !names.split(';').includes('host')) return false
  const [path = '/', query = ''] = url.split('?')
  const sortedQuery = query
    .split('&')
    .filter((part) => part !== '')
    .map((part) => (part.includes('=') ? part : `${part}=`))
    .sort()
    .join('&')
  const signed = names.split(';').map((name) => `${name}:${String(headers[name] ?? '').trim()}\n`)
  const payload = String(headers['x-amz-content-sha256'] ?? '')
  const canonical = [method, path, sortedQuery, signed.join(''), names, payload].join('\n')
  const digest = createHash('sha256').update(canonical).digest('hex')
  const text = ['AWS4-HMAC-SHA256', String(headers['x-amz-date']), `${day}/${scope}`, digest].join('\n')
  const key = [region, 's3', 'aws4_request'].reduce<Buffer>(
    (last, part) => hmac(last, part),
    hmac(`AWS4${secretKey}`, day),
  )
  return hmac(key, text).toString('hex') === given
}
