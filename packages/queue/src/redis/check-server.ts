import { Fault } from '@kinoprint/core'

/** The oldest version that BullMQ supports. */
const MINIMUM_VERSION = [6, 2] as const

/** A setting of Redis that can lose jobs. */
export type QueueWarning = {
  readonly message: string
  /** `fault`: jobs are lost while the server is running. `note`: jobs are lost only when it restarts. */
  readonly severity: 'fault' | 'note'
}

/**
 * Reads the reply to INFO and returns each setting that can lose jobs. INFO rather than CONFIG GET, which hosted
 * servers forbid. Throws Fault InvalidSettings if the server is too old.
 */
export function checkServer(info: string): readonly QueueWarning[] {
  const lines = info.split('\n')
  const field = (name: string): string | undefined =>
    lines
      .find((line) => line.startsWith(`${name}:`))
      ?.slice(name.length + 1)
      .trim()
  const version = field('redis_version')
  if (version !== undefined && isTooOld(version)) {
    const minimum = MINIMUM_VERSION.join('.')
    throw new Fault(
      'InvalidSettings',
      `Redis at REDIS_URL has version ${version}, which is too old. Upgrade it to ${minimum} or newer.`,
    )
  }
  const warnings: QueueWarning[] = []
  if (field('aof_enabled') === '0') {
    const message =
      'Redis has no append-only file, so a restart empties the queue until the reconciler refills it. Set "appendonly yes".'
    warnings.push({ message, severity: 'note' })
  }
  const policy = field('maxmemory_policy')
  if (policy !== undefined && policy !== 'noeviction') {
    const message = `Redis drops jobs when its memory is full (maxmemory-policy ${policy}), and they wait for the reconciler. Set "maxmemory-policy noeviction".`
    warnings.push({ message, severity: 'fault' })
  }
  return warnings
}

function isTooOld(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  const [minimumMajor, minimumMinor] = MINIMUM_VERSION
  return major < minimumMajor || (major === minimumMajor && minor < minimumMinor)
}
