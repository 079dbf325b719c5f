import { parseQueueUpdate, queueUpdateXml } from '@kinoprint/contract'
import { Fault } from '@kinoprint/core'
import { updateQueue as updateRow } from '@kinoprint/store'
import type { ApiContext } from '../context.ts'
import { requireAllowedCallback } from '../require-allowed-callback.ts'
import { requireBroker } from '../require-broker.ts'
import { queueView } from './queue-view.ts'
import { readXmlBody } from './read-xml-body.ts'
import { queueScope } from './tenant-scope.ts'
import type { TencentHandler } from './tencent-route.ts'

/** PUT /queue/{queueId}: name, state, default callback of a queue in scope, for a key of all libraries. */
export const updateQueue =
  ({ db, settings }: ApiContext): TencentHandler =>
  async ({ req, key, place, requestId }) => {
    // A bucket's queue carries the jobs of all libraries.
    if (key.libraries !== null) {
      throw new Fault('AccessDenied', 'This key is limited to some libraries and may not change a queue.')
    }
    const queueId = String(req.params.queueId)
    const changes = parseQueueUpdate(await readXmlBody(req))
    const { notify } = changes
    if (notify?.type === 'TDMQ' && (notify.state === 'On' || notify.mqName !== '')) {
      requireBroker(settings, notify.mqName)
    }
    requireAllowedCallback(settings, notify?.url)
    const queue = await updateRow(db, queueId, { ...changes, scope: queueScope({ place, key }) })
    if (queue === null) throw new Fault('InvalidArgument', `There is no queue ${queueId}.`)
    return queueUpdateXml({ requestId, queue: queueView(queue) })
  }
