import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Resolve } from './check-target.ts'
import { createAllowList } from './networks.ts'
import { openUrl } from './open-url.ts'

const loopback = createAllowList([{ kind: 'network', address: '127.0.0.1', prefixBits: 32, family: 'ipv4' }])
const signal = new AbortController().signal

let server: Server
let port: number
let reached: string[] = []
beforeAll(async () => {
  server = createServer(({ url = '' }, res) => {
    reached.push(url)
    const [, status, location] = /^\/(\d+)(?:\?(.*))?$/.exec(url) ?? []
    if (url === '/film.mp4') res.writeHead(200, { 'content-length': 5 }).end('bytes')
    else if (url === '/broken.mp4') {
      res.writeHead(200, { 'content-length': 50 })
      res.write('bytes', () => res.destroy())
    } else
      res
        .writeHead(Number(status), location === undefined ? {} : { location: decodeURIComponent(location) })
        .end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  port = (server.address() as AddressInfo).port
})
afterAll(() => server.close())

function open(path: string, options: { resolve?: Resolve; isAllowed?: boolean } = {}) {
  reached = []
  const { resolve, isAllowed = true } = options
  const url = path.startsWith('/') ? `http://127.0.0.1:${port}${path}` : path
  return openUrl(url, { allow: isAllowed ? loopback : createAllowList([]), resolve, signal })
}

async function textOf(opened: Awaited<ReturnType<typeof openUrl>>): Promise<string> {
  const chunks: Uint8Array[] = []
  for await (const chunk of opened.stream) chunks.push(chunk)
  return Buffer.concat(chunks).toString()
}

test('the bytes behind an allowed address are read, also after a redirect', async () => {
  const direct = await open('/film.mp4')
  expect([direct.contentLength, await textOf(direct)]).toEqual([5, 'bytes'])
  expect(await textOf(await open('/302?%2Ffilm.mp4'))).toBe('bytes')
})

test('a private address is refused without a connection, also behind a name and behind a redirect', {
  tags: ['input-url'],
}, async () => {
  await expect(open('/film.mp4', { isAllowed: false })).rejects.toThrow('not allowed by INPUT_URL_ALLOW')
  expect(reached).toEqual([])
  const inward: Resolve = async () => [{ address: '10.0.0.7', family: 4 }]
  await expect(open('http://films.example.com/a.mp4', { resolve: inward })).rejects.toThrow(
    'resolves to 10.0.0.7',
  )
  const metadata = encodeURIComponent('http://169.254.169.254/latest/meta-data/')
  await expect(open(`/302?${metadata}`)).rejects.toThrow('The video host 169.254.169.254 is not public')
  await expect(open(`/302?${encodeURIComponent('file:///etc/passwd')}`)).rejects.toThrow(
    'http or https, not file',
  )
})

test('an answer without a video is a fault that says so', async () => {
  await expect(open('/404')).rejects.toMatchObject({ code: 'ResourceNotFound' })
  await expect(open('/403')).rejects.toMatchObject({ code: 'ResourceAccessDenied' })
  await expect(open('/500')).rejects.toMatchObject({ code: 'ResourceDownloadFailed' })
  await expect(open('/302?%2F302%3F%252F302%253F')).rejects.toMatchObject({ code: 'ResourceDownloadFailed' })
  await expect(open('http://127.0.0.1:1/a.mp4')).rejects.toMatchObject({ code: 'ResourceDownloadFailed' })
})

test('a download that breaks off is a failed download', async () => {
  await expect(open('/broken.mp4').then(textOf)).rejects.toMatchObject({
    code: 'ResourceDownloadFailed',
    message: expect.stringContaining('could not be downloaded'),
  })
})
