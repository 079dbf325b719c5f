import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { request } from 'node:https'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TLSSocket } from 'node:tls'
import COS3 from 'cos-sdk-3'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { certificates, writeCertificate } from '../certificates.ts'
import { ENTRY, newFolder, type Product, startEmbedded } from '../e2e/product.ts'
import { productEnvironment } from '../product-environment.ts'

const folder = mkdtempSync(join(tmpdir(), 'kinoprint-tls-'))
const settings = writeCertificate(folder, certificates.first)
let product: Product
beforeAll(async () => {
  product = await startEmbedded(newFolder(), settings)
})
afterAll(async () => {
  await product.close()
  rmSync(folder, { recursive: true, force: true })
})

type Answer = {
  readonly status: number
  readonly cookies: readonly string[]
  /** Common name of the server's certificate. */
  readonly name: string
}

function call(method: string, path: string, { body = '' } = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }
    const options = { method, headers, rejectUnauthorized: false, agent: false }
    const sent = request(`${product.address.url}${path}`, options, (answer) => {
      const { subject } = (answer.socket as TLSSocket).getPeerCertificate()
      answer.resume().on('end', () =>
        resolve({
          status: answer.statusCode ?? 0,
          cookies: answer.headers['set-cookie'] ?? [],
          name: String(subject.CN),
        }),
      )
    })
    sent.on('error', reject).end(body)
  })
}

function kinoprint(...args: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [ENTRY, ...args], {
    cwd: tmpdir(),
    env: productEnvironment({ DATA_DIR: product.dataDir, ...settings }),
    encoding: 'utf8',
  })
  return { status, stdout, stderr }
}

test('the official SDK calls the API over https, which is its default protocol', {
  tags: ['https'],
}, async () => {
  const { url, secretId, secretKey } = product.address
  expect(url).toMatch(/^https:/)
  const given = { SecretId: secretId, SecretKey: secretKey, Ip: new URL(url).host, StrictSsl: false }
  const cos = new COS3(given as ConstructorParameters<typeof COS3>[0])
  const sent = {
    Method: 'GET',
    Key: 'queue',
    Url: 'https://films-1250000000.ci.ap-chongqing.myqcloud.com/queue',
    Bucket: 'films-1250000000',
    Region: 'ap-chongqing',
  }
  const answer = await cos.request(sent as Parameters<typeof cos.request>[0])
  expect(answer).toMatchObject({ statusCode: 200 })
})

test('the session cookie of the console is sent over https only', async () => {
  const body = JSON.stringify({ token: product.address.adminToken, name: 'Li' })
  const { status, cookies } = await call('POST', '/admin/session', { body })
  expect(status).toBe(201)
  expect(cookies.join()).toMatch(/; Secure$/)
})

test('plain http on the https port gets no response, and does not disturb others', async () => {
  const { hostname, port } = new URL(product.address.url)
  const received = await new Promise<string>((resolve) => {
    let text = ''
    const socket = connect(Number(port), hostname, () =>
      socket.write('GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n'),
    )
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1')
    })
    socket.on('error', () => undefined).on('close', () => resolve(text))
  })
  expect(received).not.toContain('200')
  expect((await call('GET', '/healthz')).status).toBe(200)
})

test('commands on the machine reach the server under another name than that of its certificate', () => {
  expect(kinoprint('admin', 'libraries', 'create', 'films')).toMatchObject({ status: 0, stderr: '' })
  const { stdout } = kinoprint('doctor')
  expect(stdout).toMatch(/certificate .*server\.crt, valid until \d{4}-\d\d-\d\d/)
})

test('a renewed certificate is used without a restart', { tags: ['https-renewed'] }, async () => {
  expect((await call('GET', '/healthz')).name).toBe('first.example.test')
  writeCertificate(folder, certificates.second)
  const name = async () => (await call('GET', '/healthz')).name
  await expect.poll(name, { interval: 500, timeout: 250_000 }).toBe('second.example.test')
})
