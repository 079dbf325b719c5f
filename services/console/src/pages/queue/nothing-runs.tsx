import { CircleAlert } from 'lucide'
import { momentFullText, numberText } from '../../format/format.ts'
import { CopyButton } from '../../parts/copy-button.tsx'
import { Icon } from '../../parts/icon.tsx'
import { queueTexts } from './queue-texts.ts'

const START_COMMAND = 'npx kinoprint worker'

/** Says that no worker is alive, how many jobs wait for one, and which command starts one. */
export default function NothingRuns({
  lastHeardAt,
  waiting,
}: {
  readonly lastHeardAt: string | null
  readonly waiting: number
}) {
  const texts = queueTexts.value
  const heard = lastHeardAt === null ? texts.noWorkers : texts.lastHeard(momentFullText(lastHeardAt))
  return (
    <section class="alarm" aria-label={texts.nothingRuns}>
      <Icon of={CircleAlert} size="l" />
      <div class="col">
        <b>{texts.nothingRuns}</b>
        <p class="q sm">
          {heard} {texts.waitingJobs(waiting, numberText(waiting))} {texts.startWorker}{' '}
          <code class="m nw">{START_COMMAND}</code> <CopyButton text={START_COMMAND} />
        </p>
      </div>
    </section>
  )
}
