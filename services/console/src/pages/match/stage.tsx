import {
  Columns2,
  Contrast,
  EyeOff,
  FlipHorizontal2,
  Layers,
  SplitSquareHorizontal,
  Volume2,
  ZoomIn,
} from 'lucide'
import { baseName } from '../../matching/format.ts'
import { matchTexts } from '../../matching/match-texts.ts'
import { Icon } from '../../parts/icon.tsx'
import { preferences, setPreference } from '../../preferences.ts'
import { type Mode, modes } from './moment-address.ts'
import { Pictures } from './pictures.tsx'
import { SideNotices } from './side-notices.tsx'
import type { Sources } from './timeline.tsx'
import { Transport } from './transport.tsx'
import type { Viewer } from './viewer.ts'
import { chooseMode } from './viewer-keys.ts'

const modeIcons = { side: Columns2, swipe: SplitSquareHorizontal, overlay: Layers, difference: Contrast }

/** The players, always dark: pictures are judged on one ground in both themes. */
export function Stage({ viewer, sources }: { readonly viewer: Viewer; readonly sources: Sources }) {
  const texts = matchTexts.value
  return (
    <section class="stage" aria-label={texts.players}>
      <div class="tool">
        <div class="seg" role="radiogroup" aria-label={texts.mode}>
          {modes.map((mode, index) => (
            <ModeButton key={mode} {...{ viewer, mode, index }} />
          ))}
        </div>
        <span class="sp hide-s" />
        <ModeControl viewer={viewer} />
        <button
          type="button"
          class={viewer.isStraight.value ? 'btn act' : 'btn'}
          aria-pressed={viewer.isStraight.value}
          onClick={() => {
            viewer.isStraight.value = !viewer.isStraight.value
          }}
        >
          <Icon of={FlipHorizontal2} />
          <span class="hide-s">{texts.straightened}</span>
          <kbd class="hide-s">F</kbd>
        </button>
        <SoftenButton />
        <button
          type="button"
          class={viewer.enlarged.value.scale > 1 ? 'btn ic act' : 'btn ic'}
          aria-label={texts.enlarge}
          title={texts.enlarge}
          onClick={() => {
            const scale = viewer.enlarged.value.scale >= 4 ? 1 : viewer.enlarged.value.scale * 2
            viewer.enlarged.value = { scale, x: 0, y: 0 }
          }}
        >
          <Icon of={ZoomIn} />
        </button>
      </div>
      <Labels viewer={viewer} />
      <Pictures viewer={viewer} sources={sources} />
      <ObstacleNote viewer={viewer} />
      <Transport viewer={viewer} />
      <SideNotices viewer={viewer} sources={sources} />
    </section>
  )
}

function ModeButton({
  viewer,
  mode,
  index,
}: {
  readonly viewer: Viewer
  readonly mode: Mode
  readonly index: number
}) {
  const texts = matchTexts.value
  const isOn = viewer.mode.value === mode
  const obstacle = viewer.obstacleOf(mode)
  const reason = obstacle === null ? undefined : texts.obstacles[obstacle]
  return (
    // biome-ignore lint/a11y/useSemanticElements: a radio input cannot hold an icon and a key.
    <button
      type="button"
      role="radio"
      aria-checked={isOn}
      aria-disabled={obstacle !== null}
      title={reason}
      class={isOn ? 'on' : ''}
      onClick={() => chooseMode(viewer, mode)}
    >
      <Icon of={modeIcons[mode]} />
      {mode === 'side' ? (
        <>
          <span class="hide-s">{texts.modes.side}</span>
          <span class="only-s">{texts.stacked}</span>
        </>
      ) : (
        <span>{texts.modes[mode]}</span>
      )}
      <kbd class="hide-s">{index + 1}</kbd>
    </button>
  )
}

/** Says why the chosen mode is not possible for the selected passage. */
function ObstacleNote({ viewer }: { readonly viewer: Viewer }) {
  const obstacle = viewer.obstacleOf(viewer.mode.value)
  if (obstacle === null) return null
  const texts = matchTexts.value
  return <p class="sm obstacle">{texts.modeOff(texts.modes[viewer.mode.value], texts.obstacles[obstacle])}</p>
}

/** What the mode lets one change: the line of the swipe, the opacity, the gain of the difference. */
function ModeControl({ viewer }: { readonly viewer: Viewer }) {
  const texts = matchTexts.value
  const { shownMode: mode, swipe, opacity, gain } = viewer
  if (mode.value === 'side') return null
  const [value, label, range] =
    mode.value === 'swipe'
      ? ([swipe, texts.swipeLine, { min: 0, max: 1, step: 0.01 }] as const)
      : mode.value === 'overlay'
        ? ([opacity, texts.opacity, { min: 0, max: 1, step: 0.05 }] as const)
        : ([gain, texts.gain, { min: 1, max: 8, step: 0.5 }] as const)
  return (
    <label class="row g4 sm gain">
      <span class="hide-s">{label}</span>
      <input
        type="range"
        aria-label={label}
        {...range}
        value={value.value}
        onInput={(event) => {
          value.value = Number(event.currentTarget.value)
        }}
      />
    </label>
  )
}

function SoftenButton() {
  const isSoft = preferences.value.soften !== 'off'
  return (
    <button
      type="button"
      class={isSoft ? 'btn act' : 'btn'}
      aria-pressed={isSoft}
      onClick={() => setPreference('soften', isSoft ? 'off' : 'blur')}
    >
      <Icon of={EyeOff} />
      <span class="hide-s">{matchTexts.value.soften}</span>
      <kbd class="hide-s">B</kbd>
    </button>
  )
}

function Labels({ viewer }: { readonly viewer: Viewer }) {
  const texts = matchTexts.value
  const { query, reference } = viewer.match
  const sides = [
    { side: 'query', name: texts.query, object: query.name ?? query.object },
    { side: 'reference', name: texts.reference, object: reference.name ?? reference.object },
  ] as const
  return (
    <div class={viewer.isSwapped.value ? 'lbls swapped' : 'lbls'}>
      {sides.map(({ side, name, object }) => (
        <div class="lbl" key={side}>
          <b>{name}</b>
          <span class="el" dir="auto" translate={false} title={object}>
            {baseName(object)}
          </span>
          <span class="sp" />
          {viewer.players.heard.value === side && (
            <span class="heard row g4">
              <Icon of={Volume2} size="s" />
              {texts.heard}
            </span>
          )}
        </div>
      ))}
    </div>
  )
}
