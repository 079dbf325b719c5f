import { expect, test } from 'vitest'
import { parseKafkaBrokers } from './kafka-brokers.ts'
import { wrong } from './setting-values.ts'

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
