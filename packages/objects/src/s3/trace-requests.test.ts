import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type SpanStart, setTracer } from '@kinoprint/core'
import { expect, test } from 'vitest'
import { lazyClient } from './s3-client.ts'

test('a request to S3 is a span of the trace in progress, which names neither bucket nor object', async () => {
  const server = createServer((_, response) => response.writeHead(404).end()).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const spans: SpanStart[] = []
  const span = { rename: () => undefined, set: () => undefined, fail: () => undefined }
  setTracer({
    run: (start, work) => {
      spans.push(start)
      return work(span)
    },
    record: () => undefined,
    parent: () => null,
  })
  const client = lazyClient({
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    region: 'us-east-1',
    accessKeyId: 'a',
    secretAccessKey: 'b',
    forcePathStyle: true,
  })
  try {
    const s3 = await client.get()
    await expect(s3.headObject({ Bucket: 'films-125', Key: 'private.mp4' })).rejects.toThrow()
    expect(spans).toMatchObject([{ name: 'S3 HeadObject', kind: 'client', needsParent: true }])
    expect(JSON.stringify(spans)).not.toMatch(/films-125|private/)
  } finally {
    setTracer(null)
    await client.close()
    server.close()
  }
})
