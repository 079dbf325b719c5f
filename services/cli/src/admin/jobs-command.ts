import { type JobState, jobStates } from '@kinoprint/core'
import { Command, Option } from 'commander'
import { examples } from '../examples.ts'
import { listAll, type WithBackend } from './backend.ts'
import { print, printJson, tableText } from './output.ts'

type ListFlags = { state?: JobState; library?: string; object?: string; json: boolean }

function listCommand(withBackend: WithBackend): Command {
  return new Command('list')
    .summary('list the newest jobs')
    .description('Lists the newest jobs, up to 10,000.')
    .addOption(new Option('--state <state>', 'only jobs in this state').choices(jobStates))
    .option('--library <DnaDbId>', 'only jobs for this library')
    .option('--object <name>', 'only jobs for exactly this object')
    .option('--json', 'print a JSON array', false)
    .action(({ json, library, state, object }: ListFlags) =>
      withBackend(async (backend) => {
        const jobs = await listAll(({ query }) =>
          backend.listJobs({ query: { ...query, state: state && [state], object, dnaDbId: library } }),
        )
        if (json) return printJson(jobs)
        const rows = jobs.map((job) => [job.jobId, job.state, job.ruleType, job.createdAt, job.object])
        print(tableText(['JobId', 'state', 'rule', 'created', 'object'], rows))
      }),
    )
    .addHelpText('after', examples('kinoprint admin jobs list --state Failed'))
}

function showCommand(withBackend: WithBackend): Command {
  return new Command('show')
    .summary('print a job as JSON')
    .description('Prints a job as JSON, with its result and callbacks.')
    .argument('<JobId>', 'the id of the job')
    .action((jobId: string) =>
      withBackend(async (backend) => printJson(await backend.getJob({ params: { jobId } }))),
    )
    .addHelpText('after', examples('kinoprint admin jobs show j0123…'))
}

type CancelFlags = {
  bucket?: string
  region?: string
  queue?: string
  key?: string
  library?: string
  running: boolean
}

function cancelCommand(withBackend: WithBackend): Command {
  return new Command('cancel')
    .summary('cancel all matching jobs')
    .description(
      'Cancels every waiting job that matches all given filters. At least one filter is required. Cancelled jobs send no callback.',
    )
    .option('--bucket <bucket>', 'jobs of this bucket')
    .option('--region <region>', 'jobs of this region')
    .option('--queue <QueueId>', 'jobs in this queue')
    .option('--key <SecretId>', 'jobs submitted with this key')
    .option('--library <DnaDbId>', 'jobs for this library')
    .option('--running', 'also cancel running jobs', false)
    .action(({ bucket, region, queue, key, library, running }: CancelFlags) =>
      withBackend(async (backend) => {
        const filters = { bucket, region, queueId: queue, secretId: key, dnaDbId: library }
        const states = running ? { states: ['Submitted', 'Pause', 'Running'] as const } : {}
        const { cancelled } = await backend.cancelJobs({ body: { ...filters, ...states } })
        print(`Cancelled ${cancelled} ${cancelled === 1 ? 'job' : 'jobs'}.`)
      }),
    )
    .addHelpText(
      'after',
      examples(
        'kinoprint admin jobs cancel --key AKID0123…',
        'kinoprint admin jobs cancel --library Db0123… --running',
      ),
    )
}

export function jobsCommand(withBackend: WithBackend): Command {
  return new Command('jobs')
    .summary('list, show and cancel jobs')
    .description('Lists, shows and cancels jobs.')
    .addCommand(listCommand(withBackend))
    .addCommand(showCommand(withBackend))
    .addCommand(cancelCommand(withBackend))
    .addHelpText('after', examples('kinoprint admin jobs cancel --key AKID0123…'))
}
