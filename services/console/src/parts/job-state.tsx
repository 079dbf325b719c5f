import type { RouteAnswer } from '@kinoprint/contract'
import { CircleAlert, CircleCheck, CirclePause, CircleSlash, Clock, LoaderCircle } from 'lucide'
import { messages } from '../messages/messages.ts'
import { Icon } from './icon.tsx'

export type JobSummary = RouteAnswer<'listJobs'>['items'][number]

const icons = {
  Submitted: Clock,
  Running: LoaderCircle,
  Success: CircleCheck,
  Failed: CircleAlert,
  Pause: CirclePause,
  Cancel: CircleSlash,
} as const

/** The state of a job: an icon and a word. Only a failed one is red, only a paused one amber. */
export function JobState({ state }: { readonly state: JobSummary['state'] }) {
  return (
    <span class={`state ${state.toLowerCase()}`}>
      <Icon of={icons[state]} />
      {messages.value.parts.states[state]}
    </span>
  )
}

export function hasEnded({ state }: Pick<JobSummary, 'state'>): boolean {
  return state === 'Success' || state === 'Failed' || state === 'Cancel'
}
