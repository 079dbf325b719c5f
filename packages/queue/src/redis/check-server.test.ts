import { describe, expect, test } from 'vitest'
import { checkServer } from './check-server.ts'

function info({ version = '7.0.15', aof = '1', policy = 'noeviction' } = {}): string {
  return `# Server\r\nredis_version:${version}\r\nos:Linux\r\n# Persistence\r\naof_enabled:${aof}\r\n# Memory\r\nmaxmemory_policy:${policy}\r\n`
}

describe('the check of a Redis server', () => {
  test.each(['6.2.0', '6.2.14', '7.0.15', '8.2.1', '10.0.0'])(
    'the check of a Redis server accepts version %s',
    (version) => {
      expect(checkServer(info({ version }))).toEqual([])
    },
  )

  test.each(['2.8.9', '5.0.14', '6.0.16', '6.1.0'])(
    'the check of a Redis server refuses version %s with the version that it needs',
    (version) => {
      expect(() => checkServer(info({ version }))).toThrow(
        expect.objectContaining({
          code: 'InvalidSettings',
          message: `Redis at REDIS_URL has version ${version}, which is too old. Upgrade it to 6.2 or newer.`,
        }),
      )
    },
  )

  test('the check of a Redis server warns about each setting that can lose jobs', () => {
    const warnings = checkServer(info({ aof: '0', policy: 'volatile-lru' }))
    expect(warnings).toHaveLength(2)
    expect(warnings.map(({ severity }) => severity)).toEqual(['note', 'fault'])
    expect(warnings[1]?.message).toContain('volatile-lru')
  })

  test('a Redis server that hides its version and settings is accepted', () => {
    expect(checkServer('')).toEqual([])
  })
})
