import type { IconNode } from 'lucide'
import {
  Gauge,
  Pause,
  Play,
  Repeat,
  SkipBack,
  SkipForward,
  StepBack,
  StepForward,
  Volume2,
  VolumeX,
} from 'lucide'
import { momentText, speedText } from '../../matching/format.ts'
import { matchTexts } from '../../matching/match-texts.ts'
import { matchesTexts } from '../../matching/matches-texts.ts'
import { Icon } from '../../parts/icon.tsx'
import { showToast } from '../../parts/toast.tsx'
import type { Viewer } from './viewer.ts'

const RATES = [0.25, 0.5, 1, 1.5, 2]

/** Play, frames, passages, and what is heard. */
export function Transport({ viewer }: { readonly viewer: Viewer }) {
  const texts = matchTexts.value
  const { players } = viewer
  const { selected, isPlaying, rate, heard } = players
  const noSound = heard.value !== 'off' && viewer.match[heard.value].hasAudio === false
  return (
    <div class="tp">
      <div class="row g4">
        <IconButton
          icon={SkipBack}
          label={`${texts.previousPassage} (K)`}
          small
          onClick={() => viewer.select(selected.value - 1)}
        />
        <IconButton icon={StepBack} label={`${texts.frameBack} (,)`} onClick={() => players.step(-1)} />
        <button
          type="button"
          class="btn pl"
          aria-label={isPlaying.value ? texts.pause : texts.play}
          title={`${isPlaying.value ? texts.pause : texts.play} (Space)`}
          onClick={() => players.toggle()}
        >
          <Icon of={isPlaying.value ? Pause : Play} />
        </button>
        <IconButton icon={StepForward} label={`${texts.frameOn} (.)`} onClick={() => players.step(1)} />
        <IconButton
          icon={SkipForward}
          label={`${texts.nextPassage} (J)`}
          small
          onClick={() => viewer.select(selected.value + 1)}
        />
      </div>
      <Clock viewer={viewer} />
      <span class="sp hide-s" />
      <div class="row g4">
        <button
          type="button"
          class={viewer.isLooping.value ? 'btn act hide-s' : 'btn hide-s'}
          aria-pressed={viewer.isLooping.value}
          onClick={() => viewer.toggleLoop()}
        >
          <Icon of={Repeat} />
          {texts.loop}
          <kbd>L</kbd>
        </button>
        <label class="btn hide-s rate">
          <Icon of={Gauge} />
          <select
            aria-label={texts.speed}
            value={String(rate.value)}
            onChange={(event) => players.setRate(Number(event.currentTarget.value))}
          >
            {RATES.map((one) => (
              <option key={one} value={String(one)}>
                {speedText(one)}
              </option>
            ))}
          </select>
        </label>
        <button type="button" class="btn" onClick={() => nextSound(viewer)} title={`${texts.sound} (M)`}>
          <Icon of={heard.value === 'off' || noSound ? VolumeX : Volume2} />
          <span class="hide-s">{noSound ? texts.noSound : texts.heardSide[heard.value]}</span>
          <kbd class="hide-s">M</kbd>
        </button>
      </div>
    </div>
  )
}

function Clock({ viewer }: { readonly viewer: Viewer }) {
  const texts = matchTexts.value
  const { players, passage } = viewer
  const ref = players.refTime.value
  const line = players.lineAt(players.time.value)
  // A still has no course in time, so its speed would be that of the range that shows it.
  const isStill = Object.values(viewer.durations).includes(0)
  return (
    <>
      <div class="clock nw">
        {momentText(players.time.value)} <span>→</span> {ref === null ? '–' : momentText(ref)}
      </div>
      <div class="sm hide-s nw offset">
        {isStill
          ? ''
          : players.byHand.value !== null
            ? texts.byHand
            : line !== null && passage !== undefined && line.rate > 0
              ? texts.offset(
                  momentText(Math.abs(line.refAt - line.queryAt)),
                  line.refAt >= line.queryAt,
                  speedText(line.rate),
                )
              : line !== null
                ? matchesTexts.value.changes.backwards
                : texts.nothingShared}
        {players.nudge.value !== 0 && ` · ${texts.framesByHand(players.nudge.value)}`}
      </div>
    </>
  )
}

/** Query, reference, off, and again. */
export function nextSound({ players }: Viewer): void {
  const next = { query: 'reference', reference: 'off', off: 'query' } as const
  players.setHeard(next[players.heard.value])
}

function IconButton(props: {
  readonly icon: IconNode
  readonly label: string
  readonly small?: boolean
  readonly onClick: () => void
}) {
  return (
    <button
      type="button"
      class={props.small ? 'btn ic hide-s' : 'btn ic'}
      aria-label={props.label}
      title={props.label}
      onClick={props.onClick}
    >
      <Icon of={props.icon} />
    </button>
  )
}

/** Copies the address of the moment. */
export function copyMoment(address: string): void {
  const texts = matchTexts.value
  navigator.clipboard.writeText(address).then(
    () => showToast({ text: texts.linkCopied }),
    () => showToast({ text: address }),
  )
}
