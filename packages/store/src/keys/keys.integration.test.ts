import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { backends, type TestDatabase } from '../databases.fixture.ts'
import { createKey, findKey, listKeyIds, listKeys, revokeKey, touchKey } from './keys.ts'

describe.each(backends)('keys on $name', ({ open }) => {
  const encryptionKey = randomBytes(32)
  let test: TestDatabase
  beforeAll(async () => {
    test = await open()
  })
  afterAll(() => test.close())

  it('a key is read back with its secret and policy, and the database holds no plain secret', {
    tags: ['sealed-secrets'],
  }, async () => {
    const created = await createKey(test.db, {
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
    expect(await findKey(test.db, { encryptionKey, secretId: created.secretId })).toEqual(created)
    const { rows } = await test.db.pool.query<{ secret: Buffer }>(
      'select secret from api_keys where secret_id = $1',
      [created.secretId],
    )
    expect(rows[0]?.secret.includes(created.secretKey)).toBe(false)
    expect(await findKey(test.db, { encryptionKey, secretId: 'AKID0' })).toBeNull()
  })

  it('a key keeps a given id and secret, and an existing id is refused', async () => {
    const given = { encryptionKey, name: 'first', secretId: 'AKIDgiven', secretKey: 'top secret' }
    expect(await createKey(test.db, given)).toMatchObject({ secretId: 'AKIDgiven', secretKey: 'top secret' })
    await expect(createKey(test.db, given)).rejects.toMatchObject({ code: 'Conflict' })
  })

  it('ids of valid keys are listed, the most recently used first', async () => {
    const [idle, used, revoked] = [
      await createKey(test.db, { encryptionKey, name: 'idle' }),
      await createKey(test.db, { encryptionKey, name: 'used' }),
      await createKey(test.db, { encryptionKey, name: 'revoked' }),
    ]
    await touchKey(test.db, used.secretId)
    await revokeKey(test.db, revoked.secretId)
    const ids = await listKeyIds(test.db, { limit: 100 })
    expect(ids).toContain(idle.secretId)
    expect(ids).not.toContain(revoked.secretId)
    expect(await listKeyIds(test.db, { limit: 1 })).toEqual([used.secretId])
  })

  it('a wrong encryption key, or a secret moved to another row, is detected', async () => {
    const [one, two] = [
      await createKey(test.db, { encryptionKey, name: 'one' }),
      await createKey(test.db, { encryptionKey, name: 'two' }),
    ]
    const wrong = findKey(test.db, { encryptionKey: randomBytes(32), secretId: one.secretId })
    await expect(wrong).rejects.toMatchObject({ code: 'InvalidSettings' })
    await test.db.pool.query(
      'update api_keys set secret = (select secret from api_keys where secret_id = $1) where secret_id = $2',
      [one.secretId, two.secretId],
    )
    const moved = findKey(test.db, { encryptionKey, secretId: two.secretId })
    await expect(moved).rejects.toMatchObject({ code: 'InvalidSettings' })
  })

  it('a revoked key is rejected, but still signs the callbacks of its jobs', {
    tags: ['revoked-key'],
  }, async () => {
    const { secretId } = await createKey(test.db, { encryptionKey, name: 'gone' })
    expect(await revokeKey(test.db, secretId)).toBe(true)
    expect(await revokeKey(test.db, secretId)).toBe(false)
    expect(await findKey(test.db, { encryptionKey, secretId })).toBeNull()
    expect(await findKey(test.db, { encryptionKey, secretId, includeRevoked: true })).toMatchObject({
      secretId,
    })
    expect((await listKeys(test.db)).map((key) => key.secretId)).not.toContain(secretId)
  })

  it('the last use is recorded at most once a minute', async () => {
    const { secretId } = await createKey(test.db, { encryptionKey, name: 'used' })
    const lastUse = async () => (await listKeys(test.db)).find((key) => key.secretId === secretId)?.lastUsedAt
    expect(await lastUse()).toBeNull()
    await touchKey(test.db, secretId)
    const first = await lastUse()
    await touchKey(test.db, secretId)
    expect(await lastUse()).toEqual(first)
    await test.db.pool.query(`update api_keys set last_used_at = last_used_at - interval '2 minutes'`)
    await touchKey(test.db, secretId)
    expect((await lastUse())?.getTime()).toBeGreaterThanOrEqual(first?.getTime() ?? Number.POSITIVE_INFINITY)
  })
})
