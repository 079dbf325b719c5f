import { afterAll, beforeAll, expect, test } from 'vitest'
import { type CallbackHarness, openCallbackHarness } from './callback-harness.fixture.ts'
import { openKafka } from './kafka.ts'
import { type KafkaStandIn, startKafkaStandIn } from './kafka-stand-in.fixture.ts'
import { openScram } from './scram.fixture.ts'

const TOPIC = 'kinoprint.results'
/** A self-signed certificate of 127.0.0.1, valid for a hundred years, whose key protects nothing. */
const TLS = {
  cert: `-----BEGIN CERTIFICATE-----
MIIBtjCCAVygAwIBAgIUKcaIOJ7kvc+RKz+PsaX2OrVdDvIwCgYIKoZIzj0EAwIw
HTEbMBkGA1UEAwwSa2Fma2EuZXhhbXBsZS50ZXN0MCAXDTI2MTEyOTE4MjAwNVoY
DzIxMjYxMTA1MTgyMDA1WjAdMRswGQYDVQQDDBJrYWZrYS5leGFtcGxlLnRlc3Qw
WTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAARv5pBnZue3+1T146t2LUMflV0i2kev
lm+iEs/D37+KdarZGeI+5+1KdAqipLmoN/IEoJo3vNDu3nhN1j+kcujgo3gwdjAd
BgNVHQ4EFgQUGkfLmGs3zDC45+Ae6NB4iiFNoGAwHwYDVR0jBBgwFoAUGkfLmGs3
zDC45+Ae6NB4iiFNoGAwDwYDVR0TAQH/BAUwAwEB/zAjBgNVHREEHDAaghJrYWZr
YS5leGFtcGxlLnRlc3SHBH8AAAEwCgYIKoZIzj0EAwIDSAAwRQIgBeh6eKrW33mX
S2fN/EZLg3+6w3sT499oj9c/jToRwtQCIQDdWVeVm2OXTtgqMmbYfLUrYbFP2BMZ
TGl1M12TE8aRgA==
-----END CERTIFICATE-----`,
  key: `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgtpinPyG3y1Y+yRwd
cQmg4Oto9eTzr89GVm6tZGpUsA6hRANCAARv5pBnZue3+1T146t2LUMflV0i2kev
lm+iEs/D37+KdarZGeI+5+1KdAqipLmoN/IEoJo3vNDu3nhN1j+kcujg
-----END PRIVATE KEY-----`,
}
let kafka: KafkaStandIn
let harness: CallbackHarness
beforeAll(async () => {
  kafka = await startKafkaStandIn([TOPIC])
  harness = await openCallbackHarness()
})
afterAll(async () => {
  await harness.close()
  await kafka.close()
})

function callback(mqName: string) {
  return { silent: false, type: 'Kafka', format: 'JSON', mqRegion: 'ap-x', mqName } as const
}

test('the end of a job is sent to its topic with its signature, and again after a failure', {
  tags: ['callback-kafka'],
}, async () => {
  // 19: NOT_ENOUGH_REPLICAS.
  kafka.failNext = [19]
  const sender = harness.send({ kafkaBrokers: [kafka.address], kafkaTopics: ['kinoprint.*'] })
  const jobId = await harness.end(callback(TOPIC))
  const delivery = await harness.settled(jobId)
  expect(delivery).toMatchObject({ status: 'Delivered', type: 'Kafka', mqName: TOPIC, attempts: 2 })
  const sent = String(kafka.produced.at(-1))
  for (const part of [TOPIC, jobId, '"EventName":"TaskFinish"', 'webhook-signature', 'application/json'])
    expect(sent).toContain(part)
  await sender.close({ timeoutMs: 1_000 })
})

test('a topic that KAFKA_TOPICS does not allow gets nothing', { tags: ['kafka-topics'] }, async () => {
  const before = kafka.produced.length
  const sender = harness.send({ kafkaBrokers: [kafka.address], kafkaTopics: ['kinoprint.*'] })
  for (const topic of ['orders', '__consumer_offsets']) {
    const jobId = await harness.end(callback(topic))
    expect((await harness.settled(jobId)).lastError).toBe(`KAFKA_TOPICS does not allow messages to ${topic}.`)
  }
  expect(kafka.produced).toHaveLength(before)
  await sender.close({ timeoutMs: 1_000 })
})

test('a missing topic, an unreachable broker and an aborted attempt reject with the reason', async () => {
  const send = (address: string, topic: string, signal = new AbortController().signal) => {
    const client = openKafka([address])
    const message = { topic, key: 'j1', body: Buffer.from('x'), headers: {} }
    return client.publish(message, { signal }).finally(() => client.close())
  }
  await expect(send(kafka.address, 'none')).rejects.toThrow(/Kafka did not accept the message: .+\./)
  await expect(send('127.0.0.1:9', TOPIC)).rejects.toThrow(/Kafka did not accept the message: .+\./)
  await expect(send(kafka.address, TOPIC, AbortSignal.abort(new Error('stopped')))).rejects.toThrow('stopped')
})

test('with TLS and SASL, only brokers that the authority signed get messages, from users that they know', {
  tags: ['kafka-secure'],
}, async () => {
  const login = { username: 'instance#user', password: 'p4ss word' }
  const secure = await startKafkaStandIn([TOPIC], { tls: TLS, login })
  const send = (security: Parameters<typeof openKafka>[1]) => {
    const client = openKafka([secure.address], security)
    const message = { topic: TOPIC, key: 'j1', body: Buffer.from('x'), headers: {} }
    return client.publish(message, { signal: new AbortController().signal }).finally(() => client.close())
  }
  const known = { mechanism: 'PLAIN', ...login } as const
  const tls = { ca: TLS.cert }
  await send({ tls, login: known })
  expect(secure.produced).toHaveLength(1)
  for (const [security, reason] of [
    [{ tls: { ca: null }, login: known }, 'self-signed certificate'],
    [{ tls: null, login: known }, /./],
    [{ tls, login: null }, /./],
    [{ tls, login: { ...known, password: 'wrong' } }, /: SASL authentication failed\.$/],
  ] as const)
    await expect(send(security)).rejects.toThrow(reason)
  expect(secure.produced).toHaveLength(1)
  await secure.close()
})

test.each(['sha256', 'sha512'] as const)(
  'with SCRAM, only users that brokers know are let in, and the password is not sent: %s',
  { tags: ['kafka-scram'] },
  async (scram) => {
    const login = { username: 'kinoprint=films,eu', password: 'pässwörd 1' }
    const mechanism = scram === 'sha256' ? 'SCRAM-SHA-256' : 'SCRAM-SHA-512'
    const start = (more: object = {}) => startKafkaStandIn([TOPIC], { login: { ...login, scram, ...more } })
    const send = (
      broker: KafkaStandIn,
      used: { username: string; password: string },
      by: string = mechanism,
    ) => {
      const client = openKafka([broker.address], { tls: null, login: { mechanism: by as 'PLAIN', ...used } })
      const message = { topic: TOPIC, key: 'j1', body: Buffer.from('x'), headers: {} }
      return client.publish(message, { signal: new AbortController().signal }).finally(() => client.close())
    }
    const broker = await start()
    await send(broker, login)
    expect(broker.produced).toHaveLength(1)
    expect(Buffer.concat(broker.received).includes(login.password)).toBe(false)
    const other = scram === 'sha256' ? 'SCRAM-SHA-512' : 'SCRAM-SHA-256'
    for (const [used, by] of [
      [{ ...login, password: 'wrong' }, mechanism],
      [{ ...login, username: 'another' }, mechanism],
      [login, other],
      [login, 'PLAIN'],
    ] as const)
      await expect(send(broker, used, by), `${used.username} by ${by}`).rejects.toThrow(
        /^Kafka did not accept the message: .+[^.]\.$/,
      )
    expect(broker.produced).toHaveLength(1)
    await broker.close()

    const forged = await start({ isForged: true })
    await expect(send(forged, login)).rejects.toThrow(/Kafka did not accept the message: /)
    expect(forged.produced).toHaveLength(0)
    await forged.close()
  },
)

test('the stand-in of a broker computes the published example of SCRAM-SHA-256', () => {
  // RFC 7677, section 3.
  const nonce = '%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0'
  const salt = Buffer.from('W22ZaJ0SNY7soEsUEjb6gQ==', 'base64')
  const scram = openScram({ hash: 'sha256', username: 'user', password: 'pencil', nonce, salt })
  const challenge = `r=rOprNGfwEbeRWgbNEkqO${nonce},s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096`
  expect(scram.first('n,,n=user,r=rOprNGfwEbeRWgbNEkqO')).toBe(challenge)
  const proof = 'dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ='
  expect(scram.final(`c=biws,r=rOprNGfwEbeRWgbNEkqO${nonce},p=${proof}`)).toBe(
    'v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=',
  )
})
