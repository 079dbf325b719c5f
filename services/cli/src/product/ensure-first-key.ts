import type { Log, Secrets } from '@kinoprint/runtime'
import { createKey, type Database, findKey } from '@kinoprint/store'

export type FirstKeyOptions = Pick<Secrets, 'firstKey' | 'encryptionKey'> & {
  readonly log: Pick<Log, 'warn'>
}

/**
 * Puts the first API key, which may do everything, into the database if it is not there. One that was revoked
 * stays revoked, and one that has another secret keeps it: a restart must neither give a key back nor shut out
 * the clients that have it. The log says so.
 */
export const ensureFirstKey = async (
  db: Database,
  { firstKey, encryptionKey, log }: FirstKeyOptions,
): Promise<void> => {
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
    // Another process that started at the same moment has made it.
    if ((await find()) === null) throw error
  }
}

const OTHER_SECRET =
  'SECRET_KEY is not the secret that the key SECRET_ID has: the stored one goes on to open the API, this one does ' +
  'not. Give the new secret under a new SECRET_ID and revoke the old key (kinoprint admin keys revoke), or put the ' +
  'former SECRET_KEY back.'
