import { expect, test } from 'vitest'
import { parseCertificates, parseKafkaBrokers } from './kafka-settings.ts'
import { wrong } from './setting-values.ts'
import { loadSettings } from './settings.ts'

test('KAFKA_BROKERS is a list of hosts with ports', () => {
  expect(parseKafkaBrokers(' kafka-1:9092, 10.0.0.2:65535,')).toEqual(['kafka-1:9092', '10.0.0.2:65535'])
  for (const text of ['kafka-1', 'kafka-1:0', 'kafka-1:65536', 'kafka://kafka-1:9092', 'a:1,b c:2']) {
    expect(parseKafkaBrokers(text)).toEqual(
      wrong(
        `must be a comma-separated list of host:port, such as kafka-1:9092, not "${text.split(',').at(-1)}"`,
      ),
    )
  }
})

test('TLS and SASL of Kafka are off, or as the settings say', () => {
  const KAFKA_BROKERS = 'kafka-1:9093'
  const login = { KAFKA_USERNAME: 'instance#user', KAFKA_PASSWORD: 'p4ss word' }
  const securityOf = (env: Readonly<Record<string, string>>) =>
    loadSettings({ KAFKA_BROKERS, ...env }).kafkaSecurity
  expect(securityOf({ KAFKA_TLS: 'off' })).toEqual({ tls: null, login: null })
  expect(securityOf({ KAFKA_TLS: 'on', KAFKA_SASL: 'SCRAM-SHA-512', ...login })).toEqual({
    tls: { ca: null },
    login: { mechanism: 'SCRAM-SHA-512', username: 'instance#user', password: 'p4ss word' },
  })
  expect(securityOf(login).login?.mechanism).toBe('PLAIN')
  for (const [env, problem] of [
    [{ KAFKA_TLS: 'on', KAFKA_BROKERS: '' }, 'KAFKA_TLS is set, but KAFKA_BROKERS is not.'],
    [{ KAFKA_CA: 'x' }, 'KAFKA_CA is set, but KAFKA_TLS is not.'],
    [{ KAFKA_SASL: 'PLAIN' }, 'KAFKA_SASL is set, but KAFKA_USERNAME is not.'],
    [{ KAFKA_USERNAME: 'u' }, 'KAFKA_USERNAME and KAFKA_PASSWORD belong together.'],
    [{ ...login, KAFKA_SASL: 'GSSAPI' }, 'KAFKA_SASL must be'],
  ] as const)
    expect(() => securityOf(env), problem).toThrow(problem)
})

test('KAFKA_CA must be PEM certificates', () => {
  for (const text of ['x', '-----BEGIN CERTIFICATE-----', '-----BEGIN PRIVATE KEY-----'])
    expect(parseCertificates(text)).toEqual(
      wrong('must be PEM certificates, which begin with -----BEGIN CERTIFICATE-----'),
    )
})
