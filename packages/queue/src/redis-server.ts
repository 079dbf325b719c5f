import { Fault } from '@kinoprint/core'

/** BullMQ asks for 6.2 or newer. */
const MINIMUM_VERSION = [6, 2] as const

/** A setting of the queue's server that can lose jobs. */
export type QueueWarning = {
  readonly message: string
  /** A server that drops keys loses jobs while it runs; one without persistence only when it restarts. */
  readonly severity: 'fault' | 'note'
}

/**
 * Reads the answer to INFO: throws Fault InvalidSettings when the server is too old, and returns each setting that
 * could lose jobs. INFO and not CONFIG GET, because hosted servers forbid the latter.
 */
export function checkRedisServer(info: string): readonly QueueWarning[] {
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
  const warnings: QueueWarning[] = []
  if (field('aof_enabled') === '0') {
    const message =
      'Redis runs without append-only persistence: a restart empties the queue, and waiting jobs are only put back by the reconciler. Set "appendonly yes".'
    warnings.push({ message, severity: 'note' })
  }
  const policy = field('maxmemory_policy')
  if (policy !== undefined && policy !== 'noeviction') {
    const message = `Redis has the eviction policy ${policy}: when its memory is full it drops jobs, which then wait until the reconciler finds them. Set "maxmemory-policy noeviction".`
    warnings.push({ message, severity: 'fault' })
  }
  return warnings
}

function isOlder(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  const [minimumMajor, minimumMinor] = MINIMUM_VERSION
  return major < minimumMajor || (major === minimumMajor && minor < minimumMinor)
}
