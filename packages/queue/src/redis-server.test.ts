import { describe, expect, test } from 'vitest'
import { checkRedisServer } from './redis-server.ts'

const info = ({ version = '7.0.15', aof = '1', policy = 'noeviction' } = {}): string =>
  `# Server\r\nredis_version:${version}\r\nos:Linux\r\n# Persistence\r\naof_enabled:${aof}\r\n# Memory\r\nmaxmemory_policy:${policy}\r\n`

describe('checking a Redis server', () => {
  test.each(['6.2.0', '6.2.14', '7.0.15', '8.2.1', '10.0.0'])('accepts version %s', (version) => {
    expect(checkRedisServer(info({ version }))).toEqual([])
  })

  test.each(['2.8.9', '5.0.14', '6.0.16', '6.1.0'])(
    'refuses version %s and says which is needed',
    (version) => {
      expect(() => checkRedisServer(info({ version }))).toThrow(
        expect.objectContaining({
          code: 'InvalidSettings',
          message: `Redis ${version} (REDIS_URL) is too old: 6.2 or newer is needed.`,
        }),
      )
    },
  )

  test('warns of each setting that can lose jobs', () => {
    const warnings = checkRedisServer(info({ aof: '0', policy: 'volatile-lru' }))
    expect(warnings).toHaveLength(2)
    expect(warnings.map(({ severity }) => severity)).toEqual(['note', 'fault'])
    expect(warnings[1]?.message).toContain('volatile-lru')
  })

  test('a server that does not say is believed', () => {
    expect(checkRedisServer('')).toEqual([])
  })
})
