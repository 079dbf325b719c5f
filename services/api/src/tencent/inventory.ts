import {
  encodeNextToken,
  inventoryByIdXml,
  inventoryCancelXml,
  inventoryListXml,
  inventoryXml,
  parseInventoryQuery,
  parseInventoryRequest,
} from '@kinoprint/contract'
import { Fault } from '@kinoprint/core'
import {
  cancelInventoryJob,
  createInventoryJob,
  getInventoryJob,
  getLibrary,
  listInventoryJobs,
  listQueues,
  unknownLibrary,
} from '@kinoprint/store'
import { requireCallback } from '../callback-rules.ts'
import type { ApiContext } from '../context.ts'
import { authorizeRule, mayUse, queueScope } from './authorize.ts'
import { readXmlBody } from './read-xml-body.ts'
import type { TencentHandler } from './tencent-route.ts'

/** POST /inventorytriggerjob: submits a job for each object under a prefix or in a list, in the background. */
export function postInventory({ db, settings }: ApiContext): TencentHandler {
  return async ({ req, key, targetBucket, requestId }) => {
    const request = parseInventoryRequest(await readXmlBody(req))
    authorizeRule(key, request.ruleType)
    requireCallback(settings, request.callback)
    const { dnaDbId, queueId } = request
    if (!mayUse(key.libraries, dnaDbId) || (await getLibrary(db, dnaDbId)) === null)
      throw unknownLibrary(dnaDbId)
    if (queueId !== undefined) {
      const { total } = await listQueues(db, { ids: [queueId], ...queueScope({ targetBucket, key }) })
      if (total === 0)
        throw new Fault('InvalidArgument', `Bucket ${targetBucket.bucket} has no queue ${queueId}.`)
    }
    const { bucket, region } = targetBucket
    const job = await createInventoryJob(db, { bucket, region, secretId: key.secretId, request })
    return inventoryXml(requestId, job)
  }
}

/** GET /inventorytriggerjob/{id}. */
export function getInventory({ db }: ApiContext): TencentHandler {
  return async ({ req, scope, requestId }) => {
    const id = String(req.params.jobId)
    const job = await getInventoryJob(db, id, scope)
    return inventoryByIdXml(requestId, id, job)
  }
}

/** GET /inventorytriggerjob: a page of the inventory jobs in scope, newest first by default. */
export function listInventory({ db }: ApiContext): TencentHandler {
  return async ({ scope, query, requestId }) => {
    const { matchesNothing, cursor, orderByTime, ...filter } = parseInventoryQuery(query)
    if (matchesNothing) return inventoryListXml({ requestId, jobs: [], nextToken: '' })
    const { jobs, next } = await listInventoryJobs(db, {
      ...filter,
      ...scope,
      order: orderByTime,
      after: cursor,
    })
    const nextToken = next === null ? '' : encodeNextToken(next)
    return inventoryListXml({ requestId, jobs, nextToken })
  }
}

/** PUT /inventorytriggerjob/{id}: cancels an inventory job and its waiting jobs, with or without ?cancel. */
export function cancelInventory({ db }: ApiContext): TencentHandler {
  return async ({ req, scope, requestId }) => {
    const id = String(req.params.jobId)
    if ((await getInventoryJob(db, id, scope)) === null)
      throw new Fault('InvalidArgument', `Inventory job ${id} does not exist.`)
    if (!(await cancelInventoryJob(db, id)))
      throw new Fault('InvalidArgument', `Inventory job ${id} has ended.`)
    return inventoryCancelXml(requestId)
  }
}
