import type { Log } from '@kinoprint/core'
import type { Secrets } from '@kinoprint/runtime'
import { createKey, type Database, findKey } from '@kinoprint/store'

export type FirstKeyOptions = Pick<Secrets, 'firstKey' | 'encryptionKey'> & {
  readonly log: Pick<Log, 'warn'>
}

/**
 * Stores the first API key, which has every permission, unless the database already has it. A revoked key stays revoked,
 * and a key with a different secret keeps that secret, with a warning in the log: a restart must neither restore a
 * revoked key nor lock out clients that use the stored one.
 */
export async function ensureFirstKey(
  db: Database,
  { firstKey, encryptionKey, log }: FirstKeyOptions,
): Promise<void> {
  const { secretId, secretKey } = firstKey
  const find = () => findKey(db, { encryptionKey, secretId, includeRevoked: true })
  const found = await find()
  if (found !== null) {
    if (found.secretKey !== secretKey) log.warn({ secretId }, OTHER_SECRET)
    return
  }
  try {
    await createKey(db, { encryptionKey, name: 'first key', secretId, secretKey })
  } catch (error) {
    // Another process that started at the same time may have created it.
    if ((await find()) === null) throw error
  }
}

const OTHER_SECRET =
  'SECRET_KEY differs from the stored secret of the key SECRET_ID, and only the stored one is valid. Restore the ' +
  'former SECRET_KEY, or set a new SECRET_ID with the new secret and revoke the old key ' +
  '(kinoprint admin keys revoke).'
