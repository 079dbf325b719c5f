import { Fault } from '@kinoprint/contract'

/** BullMQ asks for 6.2 or newer. */
const MINIMUM_VERSION = [6, 2] as const

/**
 * Reads the answer to INFO: throws Fault InvalidSettings when the server is too old, and returns a sentence for
 * each setting that could lose jobs. INFO and not CONFIG GET, because hosted servers forbid the latter.
 */
export function checkRedisServer(info: string): readonly string[] {
  const lines = info.split('\n')
  const field = (name: string): string | undefined =>
    lines
      .find((line) => line.startsWith(`${name}:`))
      ?.slice(name.length + 1)
      .trim()
  const version = field('redis_version')
  if (version !== undefined && isOlder(version)) {
    const minimum = MINIMUM_VERSION.join('.')
    throw new Fault(
      'InvalidSettings',
      `Redis ${version} (REDIS_URL) is too old: ${minimum} or newer is needed.`,
    )
  }
  const warnings: string[] = []
  if (field('aof_enabled') === '0') {
    warnings.push(
      'Redis runs without append-only persistence: a restart empties the queue, and waiting jobs are only put back by the reconciler. Set "appendonly yes".',
    )
  }
  const policy = field('maxmemory_policy')
  if (policy !== undefined && policy !== 'noeviction') {
    warnings.push(
      `Redis has the eviction policy ${policy}: when its memory is full it throws jobs away. Set "maxmemory-policy noeviction".`,
    )
  }
  return warnings
}

function isOlder(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  const [minimumMajor, minimumMinor] = MINIMUM_VERSION
  return major < minimumMajor || (major === minimumMajor && minor < minimumMinor)
}
