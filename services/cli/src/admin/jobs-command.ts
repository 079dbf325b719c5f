import { type JobLevel, type RuleType, ruleTypes } from '@kinoprint/core'
import { Argument, Command, Option } from 'commander'
import { examples } from '../examples.ts'
import { untilInterrupted } from '../until-interrupted.ts'
import { listAll, type WithBackend } from './backend.ts'
import { LIBRARY_HELP, libraryIdOf } from './find-library.ts'
import { cancelCommand, retryCommand } from './job-bulk-commands.ts'
import { type JobFilterFlags, jobFilterOf, withJobFilter } from './job-filter.ts'
import { print, printJson, tableText } from './output.ts'
import { waitForJob } from './wait-for-job.ts'

function listCommand(withBackend: WithBackend): Command {
  return withJobFilter(new Command('list'))
    .summary('list the newest jobs')
    .description('Lists the newest jobs that match all given filters, up to 100,000.')
    .option('--json', 'print a JSON array', false)
    .action(({ json, ...flags }: JobFilterFlags & { json: boolean }) =>
      withBackend(async (backend) => {
        const filter = await jobFilterOf(backend, flags)
        const jobs = await listAll(({ query }) => backend.listJobs({ query: { ...query, ...filter } }))
        if (json) return printJson(jobs)
        const rows = jobs.map((job) => {
          const { jobId, state, ruleType, createdAt, object, error } = job
          return [jobId, state, ruleType, createdAt, object, error?.code ?? '']
        })
        print(tableText(['JobId', 'state', 'rule', 'created', 'object', 'error'], rows))
      }),
    )
    .addHelpText(
      'after',
      examples(
        'kinoprint admin jobs list --state Failed',
        'kinoprint admin jobs list --library films --state Submitted,Running --json',
        'kinoprint admin jobs list --code ResourceNotFound --since 2026-01-31',
      ),
    )
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

type SubmitFlags = {
  library: string
  bucket?: string
  region?: string
  object?: string
  video?: string
  level: '0' | '1' | '2'
  userData?: string
  wait: boolean
}

function submitCommand(withBackend: WithBackend): Command {
  return new Command('submit')
    .summary('submit a job and print its JobId')
    .description(
      'Submits a job for an object or a stored video, without a key, and prints its JobId. With --wait, prints the ended job as JSON.',
    )
    .addArgument(new Argument('<rule>', 'what to do').choices([...ruleTypes]))
    .requiredOption('--library <library>', LIBRARY_HELP)
    .option('--object <name>', 'the object to store or to search with')
    .option('--bucket <bucket>', 'the bucket of the object (default: DEFAULT_BUCKET)')
    .option('--region <region>', 'the region of the bucket (default: DEFAULT_REGION)')
    .option('--video <VideoId>', 'the video to delete or to search with')
    .addOption(
      new Option('--level <level>', 'jobs of a higher level run first').choices(['0', '1', '2']).default('0'),
    )
    .option('--user-data <text>', 'text that results and callbacks repeat')
    .option('--wait', 'wait until the job has ended', false)
    .action((ruleType: RuleType, { library, video: videoId, level, wait, ...fields }: SubmitFlags) =>
      withBackend(
        async (backend) => {
          const dnaDbId = (await libraryIdOf(backend, library)) ?? library
          const jobLevel = Number(level) as JobLevel
          const { jobId } = await backend.submitJob({
            body: { ...fields, ruleType, dnaDbId, videoId, jobLevel },
          })
          if (!wait) return print(jobId)
          const job = await untilInterrupted((signal) => waitForJob(backend, jobId, { signal }))
          if (job.state !== 'Success') process.exitCode = 1
          printJson(job)
        },
        { runsJobs: wait },
      ),
    )
    .addHelpText(
      'after',
      examples(
        'kinoprint admin jobs submit FindSimilarVideo --library films --object uploads/clip.mp4 --wait',
        'kinoprint admin jobs submit DeleteFingerPrint --library films --video dv0123…',
      ),
    )
}

export function jobsCommand(withBackend: WithBackend): Command {
  return new Command('jobs')
    .summary('list, show, submit, retry and cancel jobs')
    .description('Lists, shows, submits, retries and cancels jobs.')
    .addCommand(listCommand(withBackend))
    .addCommand(showCommand(withBackend))
    .addCommand(submitCommand(withBackend))
    .addCommand(retryCommand(withBackend))
    .addCommand(cancelCommand(withBackend))
    .addHelpText('after', examples('kinoprint admin jobs retry --library films --since 2026-01-31'))
}
