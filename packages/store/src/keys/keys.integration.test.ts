import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { backends, type TestDatabase } from '../databases.fixture.ts'
import { createKey, findKey, listKeyIds, listKeys, revokeKey, touchKey } from './keys.ts'

describe.each(backends)('keys on $name', ({ open }) => {
  const encryptionKey = randomBytes(32)
  let database: TestDatabase
  beforeAll(async () => {
    database = await open()
  })
  afterAll(() => database.close())

  test('a key is read back with its secret and policy, and the database holds no plain secret', {
    tags: ['sealed-secrets'],
  }, async () => {
    const created = await createKey(database.db, {
      encryptionKey,
      name: 'ci',
      libraries: ['Db1'],
      buckets: ['a-1', 'b-1'],
    })
    expect(created).toMatchObject({
      actions: null,
      libraries: ['Db1'],
      buckets: ['a-1', 'b-1'],
      region: null,
    })
    expect(await findKey(database.db, { encryptionKey, secretId: created.secretId })).toEqual(created)
    const { rows } = await database.db.pool.query<{ secret: Buffer }>(
      'select secret from api_keys where secret_id = $1',
      [created.secretId],
    )
    expect(rows[0]?.secret.includes(created.secretKey)).toBe(false)
    expect(await findKey(database.db, { encryptionKey, secretId: 'AKID0' })).toBeNull()
  })

  test('a key keeps a given id and secret, and an existing id is refused', async () => {
    const given = { encryptionKey, name: 'first', secretId: 'AKIDgiven', secretKey: 'top secret' }
    expect(await createKey(database.db, given)).toMatchObject({
      secretId: 'AKIDgiven',
      secretKey: 'top secret',
    })
    await expect(createKey(database.db, given)).rejects.toMatchObject({ code: 'Conflict' })
  })

  test('ids of valid keys are listed, the most recently used first', async () => {
    const [idle, used, revoked] = [
      await createKey(database.db, { encryptionKey, name: 'idle' }),
      await createKey(database.db, { encryptionKey, name: 'used' }),
      await createKey(database.db, { encryptionKey, name: 'revoked' }),
    ]
    await touchKey(database.db, used.secretId)
    await revokeKey(database.db, revoked.secretId)
    const ids = await listKeyIds(database.db, { limit: 100 })
    expect(ids).toContain(idle.secretId)
    expect(ids).not.toContain(revoked.secretId)
    expect(await listKeyIds(database.db, { limit: 1 })).toEqual([used.secretId])
  })

  test('a wrong encryption key, or a secret moved to another row, is detected', async () => {
    const [one, two] = [
      await createKey(database.db, { encryptionKey, name: 'one' }),
      await createKey(database.db, { encryptionKey, name: 'two' }),
    ]
    const wrong = findKey(database.db, { encryptionKey: randomBytes(32), secretId: one.secretId })
    await expect(wrong).rejects.toMatchObject({ code: 'InvalidSettings' })
    await database.db.pool.query(
      'update api_keys set secret = (select secret from api_keys where secret_id = $1) where secret_id = $2',
      [one.secretId, two.secretId],
    )
    const moved = findKey(database.db, { encryptionKey, secretId: two.secretId })
    await expect(moved).rejects.toMatchObject({ code: 'InvalidSettings' })
  })

  test('a revoked key is rejected, but still signs the callbacks of its jobs', {
    tags: ['revoked-key'],
  }, async () => {
    const { secretId } = await createKey(database.db, { encryptionKey, name: 'gone' })
    expect(await revokeKey(database.db, secretId)).toBe(true)
    expect(await revokeKey(database.db, secretId)).toBe(false)
    expect(await findKey(database.db, { encryptionKey, secretId })).toBeNull()
    expect(await findKey(database.db, { encryptionKey, secretId, includeRevoked: true })).toMatchObject({
      secretId,
    })
    expect((await listKeys(database.db)).map((key) => key.secretId)).not.toContain(secretId)
  })

  test('the last use is recorded at most once a minute', async () => {
    const { secretId } = await createKey(database.db, { encryptionKey, name: 'used' })
    const lastUse = async () =>
      (await listKeys(database.db)).find((key) => key.secretId === secretId)?.lastUsedAt
    expect(await lastUse()).toBeNull()
    await touchKey(database.db, secretId)
    const first = await lastUse()
    await touchKey(database.db, secretId)
    expect(await lastUse()).toEqual(first)
    await database.db.pool.query(`update api_keys set last_used_at = last_used_at - interval '2 minutes'`)
    await touchKey(database.db, secretId)
    expect((await lastUse())?.getTime()).toBeGreaterThanOrEqual(first?.getTime() ?? Number.POSITIVE_INFINITY)
  })
})
