import { expect, test } from 'vitest'
import { allowsMqName } from './mq-names.ts'
import { loadSettings } from './settings.ts'

function namesOf(text?: string) {
  return loadSettings(text === undefined ? {} : { AMQP_NAMES: text }).amqpNames
}

test('callbacks go only to queues and exchanges that AMQP_NAMES allows, by default those with a prefix', {
  tags: ['broker-names'],
}, () => {
  const byDefault = namesOf()
  expect(allowsMqName(byDefault, 'kinoprint.results')).toBe(true)
  for (const name of ['payments.internal', 'kinoprint', 'Kinoprint.x', 'x.kinoprint.y', ' kinoprint.x', ''])
    expect(allowsMqName(byDefault, name), name).toBe(false)
  const listed = namesOf('ends, video.*')
  expect(['ends', 'video.', 'video.a'].map((name) => allowsMqName(listed, name))).toEqual([true, true, true])
  expect(['ends.x', 'end', 'video', 'kinoprint.x'].some((name) => allowsMqName(listed, name))).toBe(false)
})

test('callbacks never go to names that the broker reserves, even if AMQP_NAMES allows them', {
  tags: ['broker-names'],
}, () => {
  for (const text of ['*', 'a*', 'am*'])
    for (const name of ['amq.fanout', 'amq.topic', 'amq.gen-1'])
      expect(allowsMqName(namesOf(text), name), `${text} ${name}`).toBe(false)
  expect(allowsMqName(namesOf('*'), 'anything')).toBe(true)
})

test.each(['amq.*', 'x,amq.fanout', 'a*b', '*a', 'a b', 'x'.repeat(300)])(
  'AMQP_NAMES=%s is refused',
  (text) => {
    expect(() => namesOf(text)).toThrow(/AMQP_NAMES must/)
  },
)
