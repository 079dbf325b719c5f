import { Fault } from '@kinoprint/core'
import { listDeliveries, resendDelivery as resendRow } from '@kinoprint/store'
import type { RequestHandler } from 'express'
import type { ApiContext } from '../context.ts'
import { sendJson } from '../http/send.ts'
import { findJobHead } from './find-job.ts'
import { deliveryBody } from './job-body.ts'

/** POST /admin/jobs/:jobId/deliveries/:deliveryId/resend: a callback is sent once more. */
export const resendDelivery =
  (context: ApiContext): RequestHandler =>
  async (req, res) => {
    const { jobId } = await findJobHead(context, req)
    const asked = String(req.params.deliveryId)
    const known = await listDeliveries(context.db, jobId)
    const delivery = known.find(({ deliveryId }) => String(deliveryId) === asked)
    const sent = delivery ? await resendRow(context.db, delivery.deliveryId) : null
    if (sent === null) throw new Fault('NotFound', `Job ${jobId} has no delivery ${asked}.`)
    sendJson(res, 200, deliveryBody(sent))
  }
