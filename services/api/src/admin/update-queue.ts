import { parseAdmin, queueChangesSchema } from '@kinoprint/contract'
import { Fault } from '@kinoprint/core'
import { updateQueue as updateRow } from '@kinoprint/store'
import type { RequestHandler } from 'express'
import { requireAllowedCallback, requireBroker } from '../callback-rules.ts'
import type { ApiContext } from '../context.ts'
import { sendJson } from '../http/send.ts'
import { presentFields } from './present-fields.ts'
import { queueBody } from './queue-body.ts'
import { readJsonBody } from './read-json-body.ts'

/** PATCH /admin/queues/:queueId `{name?, state?, maxConcurrent?, notify?}` */
export const updateQueue =
  ({ db, settings }: ApiContext): RequestHandler =>
  async (req, res) => {
    const queueId = String(req.params.queueId)
    const { notify, ...changes } = parseAdmin(queueChangesSchema, await readJsonBody(req))
    if (notify?.type === 'TDMQ' || notify?.mqName) requireBroker(settings, notify.mqName ?? '')
    requireAllowedCallback(settings, notify?.url)
    const queue = await updateRow(db, queueId, {
      ...presentFields(changes),
      ...(notify ? { notify: presentFields(notify) } : {}),
    })
    if (queue === null) throw new Fault('NotFound', `There is no queue ${queueId}.`)
    sendJson(res, 200, queueBody(queue))
  }
