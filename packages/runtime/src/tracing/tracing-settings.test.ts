import { expect, test } from 'vitest'
import { loadSettings } from '../settings.ts'

const ENDPOINT = { OTEL_EXPORTER_OTLP_ENDPOINT: 'https://collector:4318' }

test('traces are sent only with a collector, to it and with its headers', () => {
  expect(loadSettings({ OTEL_SERVICE_NAME: 'films', OTEL_TRACES_SAMPLER_ARG: '0.5' }).tracing).toBeNull()
  const headers = 'authorization=Bearer%20abc%3D, x-tenant = films'
  expect(loadSettings({ ...ENDPOINT, OTEL_EXPORTER_OTLP_HEADERS: headers }).tracing).toEqual({
    endpoint: 'https://collector:4318',
    headers: { authorization: 'Bearer abc=', 'x-tenant': 'films' },
    serviceName: null,
    attributes: {},
    sampler: 'parentbased_always_on',
    samplerArg: 1,
  })
})

test('wrong settings for traces are reported without the headers', () => {
  for (const headers of ['hunter2', 'a b=hunter2', 'a=hunter2%0d%0ab: c', 'a=hunter2%zz', '=hunter2']) {
    const load = () => loadSettings({ ...ENDPOINT, OTEL_EXPORTER_OTLP_HEADERS: headers })
    expect(load, headers).toThrow(
      /OTEL_EXPORTER_OTLP_HEADERS must be pairs such as name=value,other=a%20b\.$/,
    )
  }
  for (const share of ['1.5', '-1', 'half', ''.padEnd(9, '9')])
    expect(() => loadSettings({ OTEL_TRACES_SAMPLER_ARG: share })).toThrow('must be a number from 0 to 1')
  expect(() => loadSettings({ OTEL_TRACES_SAMPLER: 'often' })).toThrow(
    'parentbased_traceidratio, not "often"',
  )
})
