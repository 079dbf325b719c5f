import { Fault, type JobState } from '@kinoprint/core'
import { Command } from 'commander'
import { examples } from '../examples.ts'
import type { AdminBackend, WithBackend } from './backend.ts'
import { confirm } from './confirm.ts'
import { libraryIdOf } from './find-library.ts'
import { choosesJobs, type JobFilterFlags, jobFilterOf, withJobFilter } from './job-filter.ts'
import { print } from './output.ts'

const CHOOSE = 'Name jobs by id, or choose them with at least one option, such as --library.'

function countText(jobs: number): string {
  return `${jobs} ${jobs === 1 ? 'job' : 'jobs'}`
}

/** The filter of the options, and how many jobs it matches now. */
async function chosen(backend: AdminBackend, flags: JobFilterFlags) {
  const filter = await jobFilterOf(backend, flags)
  const { total } = await backend.listJobs({ query: { ...filter, pageSize: 1 } })
  return { filter, expected: total }
}

/** Calls `act` for each job. A job that cannot be changed is reported, and the others go on. */
async function eachJob(jobIds: readonly string[], act: (jobId: string) => Promise<string>): Promise<void> {
  for (const jobId of jobIds)
    try {
      print(await act(jobId))
    } catch (error) {
      if (!(error instanceof Fault)) throw error
      process.exitCode = 1
      process.stderr.write(`${jobId}: ${error.message}\n`)
    }
}

type RetryFlags = JobFilterFlags & { all: boolean; dryRun: boolean; yes: boolean }

export function retryCommand(withBackend: WithBackend): Command {
  return withJobFilter(new Command('retry'))
    .summary('run failed and cancelled jobs again')
    .description(
      'Runs failed and cancelled jobs again: the named ones, or all that match the given filters. Of those, jobs that would fail again are left out and counted by reason. Asks first.',
    )
    .argument('[JobId...]', 'the ids of jobs')
    .option('--all', 'also retry jobs that fail again unless their file or their library changes', false)
    .option('--dry-run', 'only count the jobs', false)
    .option('--yes', 'do not ask', false)
    .action((jobIds: string[], { all, dryRun, yes, ...flags }: RetryFlags) =>
      withBackend(async (backend) => {
        if (jobIds.length > 0 === choosesJobs(flags)) throw new Fault('InvalidArgument', CHOOSE)
        if (jobIds.length > 0)
          return eachJob(jobIds, async (jobId) => {
            await backend.retryJob({ params: { jobId } })
            return `Job ${jobId} runs again.`
          })
        const body = { ...(await chosen(backend, flags)), all }
        const counted = await backend.retryJobs({ query: { dryRun: true }, body })
        for (const { code, message, jobs } of all ? [] : counted.hopeless)
          process.stderr.write(`Left out ${countText(jobs)} (${code}): ${message}\n`)
        const jobs = all ? counted.ended : counted.promising
        if (dryRun) return print(`Would retry ${countText(jobs)}.`)
        if (jobs > 0) await confirm(`Retry ${countText(jobs)}?`, { yes })
        const retried = jobs > 0 ? (await backend.retryJobs({ body })).retried : 0
        print(`Retried ${countText(retried)}.`)
      }),
    )
    .addHelpText(
      'after',
      examples(
        'kinoprint admin jobs retry j0123…',
        'kinoprint admin jobs retry --library films --state Failed --since 2026-01-31',
        'kinoprint admin jobs retry --code ResourceNotFound --all --yes',
      ),
    )
}

type CancelFlags = JobFilterFlags & {
  bucket?: string
  region?: string
  queue?: string
  running: boolean
  yes: boolean
}

export function cancelCommand(withBackend: WithBackend): Command {
  return withJobFilter(new Command('cancel'))
    .summary('cancel jobs')
    .description(
      'Cancels the named jobs, or every waiting job that matches all given filters. Cancelled jobs send no callback. Asks first.',
    )
    .argument('[JobId...]', 'the ids of jobs')
    .option(
      '--bucket <bucket>',
      'only jobs of this bucket; not with --object, --rule, --code, --text, --since and --until',
    )
    .option('--region <region>', 'only jobs of this region, as --bucket')
    .option('--queue <QueueId>', 'only jobs in this queue, as --bucket')
    .option('--running', 'also cancel running jobs', false)
    .option('--yes', 'do not ask', false)
    .action((jobIds: string[], { bucket, region, queue, running, yes, ...flags }: CancelFlags) =>
      withBackend(async (backend) => {
        const hasLocation = [bucket, region, queue].some((value) => value !== undefined)
        if (jobIds.length > 0 === (choosesJobs(flags) || hasLocation))
          throw new Fault('InvalidArgument', CHOOSE)
        if (jobIds.length > 0)
          return eachJob(jobIds, async (jobId) => {
            await backend.cancelJob({ params: { jobId } })
            return `Cancelled job ${jobId}.`
          })
        const states = flags.state ?? (running ? [...WAITING, 'Running' as const] : WAITING)
        const cancelled = hasLocation
          ? await cancelAt(backend, { location: { bucket, region, queueId: queue }, flags, states, yes })
          : await cancelChosen(backend, { ...flags, state: states }, yes)
        print(`Cancelled ${countText(cancelled)}.`)
      }),
    )
    .addHelpText(
      'after',
      examples(
        'kinoprint admin jobs cancel j0123…',
        'kinoprint admin jobs cancel --key AKID0123…',
        'kinoprint admin jobs cancel --library films --running --yes',
      ),
    )
}

const WAITING: JobState[] = ['Submitted', 'Pause']

async function cancelChosen(backend: AdminBackend, flags: JobFilterFlags, yes: boolean): Promise<number> {
  const body = await chosen(backend, flags)
  if (body.expected === 0) return 0
  await confirm(`Cancel ${countText(body.expected)}?`, { yes })
  return (await backend.cancelJobs({ body })).cancelled
}

type Located = {
  readonly location: Readonly<Record<'bucket' | 'region' | 'queueId', string | undefined>>
  readonly flags: JobFilterFlags
  readonly states: readonly JobState[]
  readonly yes: boolean
}

/** Jobs of a bucket, region or queue, which lists of jobs do not filter by. */
async function cancelAt(backend: AdminBackend, { location, flags, states, yes }: Located): Promise<number> {
  const { state: _state, library, key: secretId, ...others } = flags
  if (choosesJobs(others))
    throw new Fault(
      'InvalidArgument',
      'Give --bucket, --region and --queue only with --library, --key and --state.',
    )
  const open = states.filter((state) => state === 'Submitted' || state === 'Pause' || state === 'Running')
  if (open.length === 0) return 0
  const where = Object.values(location).filter((value) => value !== undefined)
  await confirm(`Cancel all ${open.join(' and ')} jobs of ${where.join(', ')}?`, { yes })
  const dnaDbId = await libraryIdOf(backend, library)
  return (await backend.cancelJobs({ body: { ...location, dnaDbId, secretId, states: open } })).cancelled
}
