import { needs } from '../../api/role.ts'
import '../../styles/libraries.css'
import './try.css'
import { CircleAlert, Upload } from 'lucide'
import { useEffect } from 'preact/hooks'
import { useLoad } from '../../api/use-load.ts'
import { bytesText } from '../../format/format.ts'
import { Bar } from '../../parts/bar.tsx'
import { ChooseFile } from '../../parts/choose-file.tsx'
import { Icon } from '../../parts/icon.tsx'
import { LoadFailed } from '../../parts/load-failed.tsx'
import { ObjectName } from '../../parts/object-name.tsx'
import { RoleNote } from '../../parts/role-note.tsx'
import { showToast } from '../../parts/toast.tsx'
import { useFileDrop } from '../../parts/use-file-drop.ts'
import { isTryKnown } from './try-mark.ts'
import { findRun, readRun, removeTry, sending, startTry, type TryRun, tryProblem } from './try-run.ts'
import { TrySteps } from './try-steps.tsx'
import { tryTexts } from './try-texts.ts'

const POLL_MS = 1_000
/** Name of a generated video. */
const GENERATED = /^try-it\/[0-9a-f-]{36}\/original\.mp4$/

/**
 * The first run: a video of the user or a generated one is stored, and an altered copy of it is found. `isPage` shows it
 * always, `isOffered` while nothing is stored; otherwise it is shown until the run of this browser is removed.
 */
export default function TryIt({
  isOffered = false,
  isPage = false,
}: {
  readonly isOffered?: boolean
  readonly isPage?: boolean
}) {
  const texts = tryTexts.value
  const {
    data: run,
    fault,
    reload,
  } = useLoad(() => (isTryKnown() ? readRun() : isPage ? findRun() : Promise.resolve(null))).value
  const isRunning = run?.state === 'running'
  useEffect(() => {
    if (!isRunning) return
    const timer = setTimeout(reload, POLL_MS)
    return () => clearTimeout(timer)
  }, [isRunning, run, reload])
  if (run === undefined)
    return isPage && fault !== undefined ? <LoadFailed fault={fault} retry={reload} /> : null
  if (run === null && !isOffered && !isPage) return null
  const remove = () => {
    removeTry().then(
      () => {
        showToast({ text: texts.removed })
        reload()
      },
      (thrown: Error) => showToast({ text: thrown.message }),
    )
  }
  return (
    <section class="card try">
      <header>
        <h2>{texts.title}</h2>
      </header>
      <div class="in col">
        <p class="q">{texts.text}</p>
        <RoleNote route="startTry" />
        {sending.value !== null && <SendingFile />}
        {run !== null && sending.value === null && <Run run={run} />}
        {tryProblem.value !== '' && (
          <p class="err" role="alert" dir="auto">
            <Icon of={CircleAlert} /> {tryProblem.value}
          </p>
        )}
        {run?.state !== 'running' && run?.state !== 'done' && sending.value === null && (
          <Offer onStart={(file) => void startTry(file, run !== null).then(reload)} />
        )}
        {run !== null && !isRunning && (
          <div class="row wrap">
            {run.matchId !== null && (
              <a class="btn p" href={`/console/matches/${encodeURIComponent(run.matchId)}`}>
                {texts.open}
              </a>
            )}
            {run.searchJobId !== null && (
              <a class="btn" href={`/console/jobs/${encodeURIComponent(run.searchJobId)}`}>
                {texts.openJob}
              </a>
            )}
            <button type="button" class="btn" onClick={remove} {...needs('deleteTry')}>
              {texts.remove}
            </button>
          </div>
        )}
      </div>
    </section>
  )
}

/** The steps, and how the run ended. */
function Run({ run }: { readonly run: TryRun }) {
  const texts = tryTexts.value
  const isOwn = run.object !== null && !GENERATED.test(run.object)
  return (
    <>
      {isOwn && run.object !== null && (
        <p class="row">
          <ObjectName name={run.object.slice(run.object.lastIndexOf('/') + 1)} />
        </p>
      )}
      <TrySteps steps={run.steps} isOwn={isOwn} />
      <div aria-live="polite">
        {run.state === 'done' && <p>{run.matchId === null ? texts.notFound : texts.found}</p>}
      </div>
      {run.message !== null && (
        <p class="err" role="alert" dir="auto">
          <Icon of={CircleAlert} /> {run.message}
        </p>
      )}
    </>
  )
}

/** Takes a file that is dropped or chosen, or starts with a generated video. */
function Offer({ onStart }: { readonly onStart: (file: File | null) => void }) {
  const texts = tryTexts.value
  const take = (file: File | undefined) => {
    if (file !== undefined) onStart(file)
  }
  const { isOver, zone } = useFileDrop('startTry', ([file]) => take(file))
  return (
    <div class={isOver ? 'drop row wrap over' : 'drop row wrap'} {...zone}>
      <Icon of={Upload} size="l" />
      <span class="q">{texts.drop}</span>
      <span class="sp" />
      <ChooseFile
        route="startTry"
        label={texts.choose}
        accept="video/*,.mp4,.m4v,.mov,.mkv"
        onChoose={take}
      />
      <button type="button" class="btn p" onClick={() => onStart(null)} {...needs('startTry')}>
        {texts.useGenerated}
      </button>
    </div>
  )
}

function SendingFile() {
  if (sending.value === null) return null
  const { name, sentBytes, allBytes } = sending.value
  return (
    <div class="col">
      <p class="row wrap">
        <ObjectName name={name} />
        <span class="q">{`${bytesText(sentBytes)} / ${bytesText(allBytes)}`}</span>
      </p>
      <Bar value={allBytes === 0 ? 0 : sentBytes / allBytes} label={tryTexts.value.sending} />
    </div>
  )
}
