import { type JobState, jobStates, type RuleType, ruleTypes } from '@kinoprint/core'
import { type Command, InvalidArgumentError, Option } from 'commander'
import type { AdminBackend } from './backend.ts'
import { LIBRARY_HELP, libraryIdOf } from './find-library.ts'
import { commaList } from './parse-option.ts'

/** The options that choose jobs, as `withJobFilter` adds them. */
export type JobFilterFlags = {
  readonly state?: JobState[]
  readonly library?: string
  readonly object?: string
  readonly rule?: RuleType
  readonly key?: string
  readonly code?: string
  readonly text?: string
  readonly since?: string
  readonly until?: string
}

/** Adds the options that choose jobs. */
export function withJobFilter(command: Command): Command {
  return command
    .option(
      '--state <states>',
      `only jobs in these states, separated by commas: ${jobStates.join(', ')}`,
      states,
    )
    .option('--library <library>', `only jobs for this library: ${LIBRARY_HELP}`)
    .option('--object <name>', 'only jobs for exactly this object')
    .addOption(new Option('--rule <type>', 'only jobs of this type').choices([...ruleTypes]))
    .option('--key <SecretId>', 'only jobs submitted with this key')
    .option('--code <code>', 'only jobs that failed with this code, such as ResourceNotFound')
    .option('--text <text>', 'only jobs with this text in their object or UserData')
    .option(
      '--since <time>',
      'only jobs created at this time or later, such as 2026-01-31 or 2026-01-31T08:00Z',
      time,
    )
    .option('--until <time>', 'only jobs created before this time', time)
}

/** The filter of the admin API that the options stand for. */
export async function jobFilterOf(
  backend: Pick<AdminBackend, 'listLibraries'>,
  { state, library, object, rule, key, code, text, since, until }: JobFilterFlags,
) {
  const dnaDbId = await libraryIdOf(backend, library)
  const given = {
    state,
    dnaDbId,
    object,
    ruleType: rule,
    secretId: key,
    code,
    q: text,
    from: since,
    to: until,
  }
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as Partial<
    typeof given
  >
}

/** Whether any option that chooses jobs is given. */
export function choosesJobs(flags: JobFilterFlags): boolean {
  const { state, library, object, rule, key, code, text, since, until } = flags
  return [state, library, object, rule, key, code, text, since, until].some((value) => value !== undefined)
}

function states(text: string): JobState[] {
  return commaList(text).map((name) => {
    const found = jobStates.find((state) => state.toLowerCase() === name.toLowerCase())
    if (found === undefined) throw new InvalidArgumentError(`Choose from ${jobStates.join(', ')}.`)
    return found
  })
}

function time(text: string): string {
  const date = new Date(text)
  if (!/^\d{4}-/.test(text) || Number.isNaN(date.getTime()))
    throw new InvalidArgumentError('Enter a time such as 2026-01-31 or 2026-01-31T08:00Z.')
  return date.toISOString()
}
