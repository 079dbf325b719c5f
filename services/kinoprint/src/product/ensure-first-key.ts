import type { Secrets } from '@kinoprint/runtime'
import { createKey, type Database, findKey } from '@kinoprint/store'

/**
 * Puts the first API key, which may do everything, into the database if it is not there. One that was revoked
 * stays revoked: a restart must not give it back.
 */
export const ensureFirstKey = async (
  db: Database,
  { firstKey, encryptionKey }: Pick<Secrets, 'firstKey' | 'encryptionKey'>,
): Promise<void> => {
  const { secretId, secretKey } = firstKey
  if ((await findKey(db, { encryptionKey, secretId, includeRevoked: true })) !== null) return
  try {
    await createKey(db, { encryptionKey, name: 'first key', secretId, secretKey })
  } catch (error) {
    // Another process that started at the same moment has made it.
    if ((await findKey(db, { encryptionKey, secretId, includeRevoked: true })) === null) throw error
  }
}
