import { findFfmpeg } from '@kinoprint/media'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type RunningWorker, startWorker } from '../../../worker/src/start-worker.ts'
import { addLibrary, type RunningTestApi, startTestApi } from '../testing/running-api.ts'

const TOKEN = 'a-token-of-hma-clients-1234567890'
/** Examples that Meta publishes (PdqSignal.get_examples and the tests of vPDQ and HMA in facebook/ThreatExchange). */
const PDQ = [
  'f8f8f0cee0f4a84f06370a22038f63f0b36e2ed596621e1d33e6b39c4e9c9b22',
  'f8f8f0cee0f4a84f06370a2a038f63f0b36e26d596621e1d33e6b39c4e9c9b22',
]
const VPDQ = [
  'e42926b9cb58d261383b699f0ff2e1076fe6183dff4986d82ca36da48034fc54',
  '4ce949b11f1035e2f2eb0a5e76f68716870e70f97bd91d1049a3dbe1d164b454',
  '643c8f9e5f0eb6866886355a4a4bdbe38343a4e924b969b41d321ba33a85f55e',
  '02b456d6bd4b6d695aa51772cdb8fa1df0ced12ea64b82f106e53d1b7e0b8050',
  'e64c35684e8d8926cc96324b66b9c999d92c37566669999b9bb166e464cbdd11',
  '46d86a5cc1ac1787f2b5cb895833c6a59e07b37ca60524ccaf1b69af9b2d9053',
  'c5f2ada74d0649858d6f1d26adace8fcd4b98d1938d131fca75a9611b41332d2',
]
/** Frames of another encoding of the same video, some bits apart. */
const OTHER_ENCODING = [
  '643c8f9e5f0eb6866886255a4a4bdbe38343b4e924b969b41d321ba33a85f55e',
  '02b456debd4b6d295aa51772cdb8fa1df0ced12ea64b82e106e53d1b7e0b8054',
  'e64c3568ce8d8b26cc96364b6629c999d92c33566669999b9bb166e464cbdd11',
]
const signalOf = (hashes: readonly string[]) =>
  JSON.stringify(hashes.map((hash, second) => `${hash},100,${second}.0`))

let api: RunningTestApi
let worker: RunningWorker
beforeAll(async () => {
  api = await startTestApi({ hmaToken: TOKEN })
  const { db, objects } = api
  const { log } = api.options
  worker = await startWorker({
    ...{ db, objects, log, tools: await findFfmpeg(), queue: { pool: db.pool, postgres: true } },
    ...{
      thumbnailsDir: null,
      version: '0.0.0',
      queryRetentionDays: 30,
      concurrency: 1,
      maxVideoSeconds: 1800,
    },
  })
})
afterAll(async () => {
  await worker.close({ timeoutMs: 5_000 })
  await api.close()
})

async function call(method: string, path: string, json?: unknown) {
  const body = json === undefined ? undefined : JSON.stringify(json)
  const headers = { 'content-type': 'application/json' }
  // As Coop calls HMA: it knows a base URL only.
  const answer = await api.send({ method, target: `/hma/${TOKEN}${path}`, headers, body })
  const isJson = answer.headers['content-type']?.startsWith('application/json') ?? false
  return { status: answer.status, json: isJson ? (JSON.parse(answer.text) as unknown) : answer.text }
}

test('/hma takes its token from the path, as a bearer or as a password, and refuses others', async () => {
  const status = async (target: string, authorization?: string) =>
    (await api.send({ method: 'GET', target, ...(authorization && { headers: { authorization } }) })).status
  const basic = (password: string) => `Basic ${Buffer.from(`any:${password}`).toString('base64')}`
  expect(await status(`/hma/${TOKEN}/c/banks`)).toBe(200)
  expect(await status('/hma/c/banks', `Bearer ${TOKEN}`)).toBe(200)
  expect(await status('/hma/c/banks', basic(TOKEN))).toBe(200)
  expect(await status('/hma/c/banks')).toBe(401)
  expect(await status(`/hma/${TOKEN}x/c/banks`)).toBe(401)
  expect(await status('/hma/c/banks', `Bearer ${TOKEN}x`)).toBe(401)
  expect(await status('/hma/c/banks', basic('x'))).toBe(401)
  // The token of one API does not open the other.
  expect(await status('/admin/libraries', `Bearer ${TOKEN}`)).toBe(401)
  expect(api.observed.some(({ route }) => route.includes(TOKEN))).toBe(false)
  expect((await call('GET', '/status')).json).toBe('I-AM-ALIVE')
})

test('without HMA_TOKEN there is no /hma', async () => {
  const { options } = api
  const { startApi } = await import('../index.ts')
  const other = await startApi({
    ...{ ...options, port: 0, host: '127.0.0.1' },
    settings: { ...options.settings, hmaToken: null },
  })
  const response = await fetch(`http://127.0.0.1:${other.port}/hma/c/banks`)
  expect(response.status).not.toBe(200)
  expect(await response.text()).not.toContain('[]')
  await other.close({ timeoutMs: 500 })
})

test('the requests with which HMA tests its banks get the same answers', async () => {
  for (const name of ['01_TEST_BANK', 'my_test_bank', ''])
    expect((await call('POST', '/c/banks', { name })).status).toBe(400)
  const bank = { name: 'MY_TEST_BANK_01', matching_enabled_ratio: 1 }
  expect(await call('POST', '/c/banks', { name: bank.name })).toEqual({ status: 201, json: bank })
  expect((await call('POST', '/c/banks', { name: bank.name })).status).toBe(403)
  expect((await call('GET', '/c/banks')).json).toEqual([bank])
  expect((await call('GET', `/c/bank/${bank.name}`)).json).toEqual(bank)
  expect((await call('PUT', `/c/bank/${bank.name}`, { name: '1_invalid_name' })).status).toBe(400)
  const renamed = await call('PUT', `/c/bank/${bank.name}`, { name: 'MY_TEST_BANK_RENAMED' })
  expect(renamed).toMatchObject({ status: 200, json: { name: 'MY_TEST_BANK_RENAMED' } })
  const path = '/c/bank/MY_TEST_BANK_RENAMED'
  expect((await call('PUT', path, { enabled: false })).json).toMatchObject({ matching_enabled_ratio: 0 })
  expect((await call('PUT', path, { enabled_ratio: 0.5 })).json).toMatchObject({
    matching_enabled_ratio: 0.5,
  })
  // Coop sends text.
  expect((await call('PUT', path, { enabled_ratio: '1' })).json).toMatchObject({ matching_enabled_ratio: 1 })
  expect(await call('DELETE', path)).toEqual({ status: 200, json: { message: 'Done' } })
  expect((await call('DELETE', path)).status).toBe(200)
  const { rows } = await api.db.pool.query(`select actor_kind from audit_log where action = 'deleteLibrary'`)
  expect(rows).toEqual([{ actor_kind: 'hma' }])
  expect((await call('GET', path)).status).toBe(404)
  expect((await call('GET', '/c/exchange/MY_TEST_BANK_RENAMED')).status).toBe(404)
})

test('a library that was not created through /hma is a bank that cannot be deleted or renamed there', async () => {
  const { dnaDbId } = await addLibrary(api.db, 'FILMS')
  expect((await call('GET', '/c/bank/FILMS')).status).toBe(200)
  expect((await call('DELETE', '/c/bank/FILMS')).status).toBe(403)
  expect((await call('PUT', '/c/bank/FILMS', { name: 'OTHERS' })).status).toBe(403)
  expect((await api.admin({ method: 'GET', target: `/admin/libraries/${dnaDbId}` })).status).toBe(200)
})

test('signals are compared as HMA compares them', async () => {
  const { json } = await call('POST', '/m/compare', {
    pdq: PDQ,
    vpdq: [signalOf(OTHER_ENCODING), signalOf(VPDQ)],
  })
  expect(json).toEqual({
    pdq: [true, { distance: 2 }],
    vpdq: [true, { query_match_percent: 100, compared_match_percent: (100 * 3) / 7 }],
  })
  for (const body of [{ pdq: PDQ[0] }, { pdq: [PDQ[0]] }, { pdq: ['x', PDQ[0]] }, { md5: ['a', 'b'] }])
    expect((await call('POST', '/m/compare', body)).status).toBe(400)
})

test('a signal that is added to a bank is looked up by it, by another encoding and by one picture', async () => {
  await call('POST', '/c/banks', { name: 'BANK' })
  const added = await call('POST', '/c/bank/BANK/signal', { vpdq: signalOf(VPDQ) })
  expect(added).toMatchObject({ status: 200, json: { id: expect.any(Number) } })
  const { id } = added.json as { id: number }
  const lookup = (route: string, type: string, signal: string, more = '') =>
    call('GET', `/m/${route}?signal_type=${type}&signal=${encodeURIComponent(signal)}${more}`)

  expect((await lookup('raw_lookup', 'vpdq', signalOf(VPDQ))).json).toEqual({ matches: [id] })
  expect((await lookup('lookup', 'vpdq', signalOf(OTHER_ENCODING))).json).toEqual({
    BANK: [{ bank_content_id: id, distance: '100%[43%]' }],
  })
  expect((await lookup('raw_lookup', 'pdq', VPDQ[0] ?? '', '&include_distance=true')).json).toEqual({
    matches: [{ bank_content_id: id, distance: '0' }],
  })
  expect((await lookup('lookup', 'pdq', PDQ[0] ?? '')).json).toEqual({})
  expect((await lookup('lookup', 'vpdq', signalOf(VPDQ), '&banks=OTHER')).json).toEqual({})
  for (const [type, signal] of [
    ['vpdq', 'x'],
    ['pdq', 'f8'],
    ['md5', PDQ[0] ?? ''],
  ])
    expect((await lookup('lookup', type ?? '', signal ?? '')).status).toBe(400)
  expect((await call('GET', '/m/lookup')).status).toBe(400)

  // Coop adds single pictures.
  const picture = await call('POST', '/c/bank/BANK/signal', { pdq: PDQ[0] })
  expect((await lookup('raw_lookup', 'pdq', PDQ[1] ?? '', '&include_distance=true')).json).toEqual({
    matches: [{ bank_content_id: (picture.json as { id: number }).id, distance: '2' }],
  })

  const path = `/c/bank/BANK/content/${id}`
  expect((await call('GET', `${path}?include_signals=true`)).json).toMatchObject({
    id,
    disable_until_ts: 1,
    bank: { name: 'BANK' },
    signals: { vpdq: expect.stringContaining(VPDQ[0] ?? '') },
  })
  await call('PUT', path, { disable_until_ts: 0 })
  expect((await lookup('lookup', 'vpdq', signalOf(VPDQ))).json).toEqual({})
  expect((await lookup('raw_lookup', 'vpdq', signalOf(VPDQ))).json).toEqual({ matches: [id] })
  expect((await call('PUT', path, { disable_until_ts: -1 })).status).toBe(400)
  expect(await call('DELETE', path)).toEqual({ status: 200, json: { deleted: 1 } })
  expect((await lookup('raw_lookup', 'vpdq', signalOf(VPDQ))).json).toEqual({ matches: [] })
  expect((await call('GET', path)).status).toBe(404)
  expect((await call('DELETE', '/c/bank/BANK')).status).toBe(200)
})
