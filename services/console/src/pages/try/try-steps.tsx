import { CircleAlert, CircleCheck, Clock, LoaderCircle } from 'lucide'
import { spanText } from '../../format/format.ts'
import { Icon } from '../../parts/icon.tsx'
import type { TryRun } from './try-run.ts'
import { tryTexts } from './try-texts.ts'

const icons = { waiting: Clock, running: LoaderCircle, done: CircleCheck, failed: CircleAlert } as const

/** The steps of a run with how long each took, or has taken so far. */
export function TrySteps({ steps, isOwn }: { readonly steps: TryRun['steps']; readonly isOwn: boolean }) {
  const texts = tryTexts.value
  // A file of the user is there before the run starts.
  const shown = isOwn ? steps.filter(({ name }) => name !== 'make') : steps
  return (
    <ol class="try-steps">
      {shown.map(({ name, state, startedAt, endedAt }) => (
        <li key={name} class={`row try-${state}`}>
          <Icon of={icons[state]} />
          <span class={state === 'running' ? 'b' : ''}>{texts.steps[name]}</span>
          <span class="sp" />
          <span class="q">{startedAt === null ? texts.states[state] : spanSince(startedAt, endedAt)}</span>
          {startedAt !== null && <span class="sr">{texts.states[state]}</span>}
        </li>
      ))}
    </ol>
  )
}

function spanSince(startedAt: string, endedAt: string | null): string {
  const end = endedAt === null ? Date.now() : Date.parse(endedAt)
  return spanText(Math.max(0, (end - Date.parse(startedAt)) / 1000))
}
