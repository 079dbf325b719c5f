import { type CreatedKeyBody, newKeySchema, parseAdmin } from '@kinoprint/contract'
import { createKey as insertKey } from '@kinoprint/store'
import type { RequestHandler } from 'express'
import type { ApiContext } from '../context.ts'
import { sendJson } from '../http/send.ts'
import { readJsonBody } from './read-json-body.ts'

/** POST /admin/keys: the only answer that ever shows the secret. */
export const createKey =
  ({ db, secrets }: ApiContext): RequestHandler =>
  async (req, res) => {
    const { name, actions, libraries, buckets, region } = parseAdmin(newKeySchema, await readJsonBody(req))
    const { secretId, secretKey } = await insertKey(db, {
      encryptionKey: secrets.encryptionKey,
      name,
      actions,
      libraries,
      buckets,
      region: region ?? null,
    })
    const body: CreatedKeyBody = { secretId, secretKey }
    sendJson(res, 201, body)
  }
