import type { RouteAnswer } from '@kinoprint/contract'
import { Fault } from '@kinoprint/core'
import * as store from '@kinoprint/store'
import { dispatchJob, type Dispatching as QueueAccess, withdrawJob } from '../dispatch-job.ts'
import type { AdminContext, Answer, ByteRequest, JsonRequest } from './handler.ts'
import { deliveryBody, jobBody, jobSummary } from './job-bodies.ts'
import { sendJobEvents } from './job-events.ts'

type Db = Pick<AdminContext, 'db'>
type Dispatching = Db & QueueAccess

export async function listJobs({ db }: Db, { query }: JsonRequest<'listJobs'>): Answer<'listJobs'> {
  const { items, searchedTo, ...page } = await store.adminListJobs(db, { ...query, ...timesOf(query) })
  return { ...page, items: items.map(jobSummary), searchedTo: searchedTo?.toISOString() ?? null }
}

export async function getJob({ db }: Db, { params }: JsonRequest<'getJob'>): Answer<'getJob'> {
  return wholeJob(db, await findJob(db, params))
}

export async function followJob(
  context: Pick<AdminContext, 'db' | 'stopping'>,
  { params: { jobId }, res }: ByteRequest<'followJob'>,
): Answer<'followJob'> {
  const job = (await findHead(context.db, jobId)) ?? missing(jobId)
  await sendJobEvents(res, job, { read: () => findHead(context.db, jobId), stopping: context.stopping })
}

export async function cancelJob(
  context: Dispatching,
  { params }: JsonRequest<'cancelJob'>,
): Answer<'cancelJob'> {
  const { jobId, state } = await findJob(context.db, params)
  const job = await store.stopJob(context.db, jobId)
  // The worker of a running job removes its queue entry.
  if (state !== 'Running') await withdrawJob(context, jobId)
  return wholeJob(context.db, job)
}

export async function cancelJobs({ db }: Db, { body }: JsonRequest<'cancelJobs'>): Answer<'cancelJobs'> {
  const { filter, expected, ...fields } = body
  if (filter === undefined || expected === undefined) return { cancelled: await store.cancelJobs(db, fields) }
  return { cancelled: await store.cancelMatchingJobs(db, { filter: filterOf(filter), expected }) }
}

export async function retryJobs(
  { db }: Db,
  { query, body: { filter, ...options } }: JsonRequest<'retryJobs'>,
): Answer<'retryJobs'> {
  return store.retryMatchingJobs(db, { ...options, ...query, filter: filterOf(filter) })
}

type Times = { readonly from?: string | undefined; readonly to?: string | undefined }

function filterOf<Filter extends Times>(
  filter: Filter,
): Omit<Filter, keyof Times> & ReturnType<typeof timesOf> {
  return { ...filter, ...timesOf(filter) }
}

function timesOf({ from, to }: Times): { from: Date | undefined; to: Date | undefined } {
  const dateOf = (time: string | undefined) => (time === undefined ? undefined : new Date(time))
  return { from: dateOf(from), to: dateOf(to) }
}

/** The job keeps its id. */
export async function retryJob(
  context: Dispatching,
  { params }: JsonRequest<'retryJob'>,
): Answer<'retryJob'> {
  const job = await store.retryJob(context.db, params.jobId)
  await dispatchJob(context, job)
  return wholeJob(context.db, job)
}

export async function resendDelivery(
  { db }: Db,
  { params: { jobId, deliveryId } }: JsonRequest<'resendDelivery'>,
): Answer<'resendDelivery'> {
  if ((await findHead(db, jobId)) === undefined) missing(jobId)
  const deliveries = await store.listDeliveries(db, jobId)
  const delivery = deliveries.find((one) => String(one.deliveryId) === deliveryId)
  const sent = delivery ? await store.resendDelivery(db, delivery.deliveryId) : null
  if (sent === null) throw new Fault('NotFound', `Job ${jobId} has no delivery ${deliveryId}.`)
  return deliveryBody(sent)
}

async function findJob(db: AdminContext['db'], { jobId }: { readonly jobId: string }): Promise<store.Job> {
  const [job] = await store.getJobs(db, [jobId])
  return job ?? missing(jobId)
}

async function findHead(db: AdminContext['db'], jobId: string): Promise<store.JobHead | undefined> {
  const [job] = await store.getJobHeads(db, [jobId])
  return job
}

async function wholeJob(db: AdminContext['db'], job: store.Job): Promise<RouteAnswer<'getJob'>> {
  const [deliveries, timeline] = await Promise.all([
    store.listDeliveries(db, job.jobId),
    store.listJobAttempts(db, job.jobId),
  ])
  return jobBody(job, { deliveries, timeline })
}

function missing(jobId: string): never {
  throw new Fault('NotFound', `Job ${jobId} does not exist.`)
}
