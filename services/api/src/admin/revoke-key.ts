import { Fault } from '@kinoprint/core'
import { revokeKey as revokeRow } from '@kinoprint/store'
import type { RequestHandler } from 'express'
import type { ApiContext } from '../context.ts'
import { sendNoContent } from '../http/send.ts'

/** DELETE /admin/keys/:secretId: here it stops working at once, in other processes within seconds. */
export const revokeKey =
  ({ db, keys }: ApiContext): RequestHandler =>
  async (req, res) => {
    const secretId = String(req.params.secretId)
    const revoked = await revokeRow(db, secretId)
    keys.forget(secretId)
    if (!revoked) throw new Fault('NotFound', `There is no key ${secretId}.`)
    sendNoContent(res)
  }
