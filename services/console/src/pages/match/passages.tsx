// biome-ignore-all lint/a11y/useFocusableInteractive: the rows are laid out by CSS, and the keys of the page move in the list.
// biome-ignore-all lint/a11y/useKeyWithClickEvents: the rows are laid out by CSS, and the keys of the page move in the list.
// biome-ignore-all lint/a11y/useSemanticElements: the rows are laid out by CSS, and the keys of the page move in the list.

import { AudioLines, EyeOff, Image as ImageIcon } from 'lucide'
import { useEffect, useRef, useState } from 'preact/hooks'
import { needs } from '../../api/role.ts'
import { alterationIcons, alterationTags } from '../../matching/alterations.ts'
import { scoreText, timeText } from '../../matching/format.ts'
import { heldTexts } from '../../matching/held-texts.ts'
import { counts, isHeld, type Passage } from '../../matching/match.ts'
import { matchTexts } from '../../matching/match-texts.ts'
import { matchesTexts } from '../../matching/matches-texts.ts'
import { rowsOf } from '../../matching/time-map.ts'
import { Icon } from '../../parts/icon.tsx'
import type { Viewer } from './viewer.ts'

/** More rows than this are shown in steps. */
const MOST_ROWS = 100

/** The list of passages. Weak readings are folded, and those of the same seconds are one row. */
export function Passages({ viewer, ignore }: { readonly viewer: Viewer; readonly ignore?: () => void }) {
  const texts = matchTexts.value
  const { passages } = viewer.match
  const [isOpen, setOpen] = useState(false)
  const [most, setMost] = useState(MOST_ROWS)
  const selected = viewer.players.selected.value
  const list = useRef<HTMLDivElement>(null)
  useEffect(() => {
    const row = list.current?.querySelector('[aria-selected=true]')
    // Only the list scrolls, never the page: on a phone the players would leave it.
    if (row instanceof HTMLElement && list.current) scrollWithin(list.current, row)
  }, [selected])
  const order = passages.map((passage, index) => ({ passage, index }))
  const counted = order.filter(({ passage }) => counts(passage))
  const others = order.filter(({ passage }) => !counts(passage))
  const rows = rowsOf(counted.map(({ passage }) => passage)).map(({ indexes }) =>
    indexes.flatMap((at) => counted[at] ?? []),
  )
  const isOtherSelected = others.some(({ index }) => index === selected)
  return (
    <section class="vsec">
      <h2>
        {texts.passages}
        <span class="qq n">{counted.length || others.length}</span>
        <span class="sp" />
        <span class="hide-s row g4">
          <kbd>K</kbd>
          <kbd>J</kbd>
        </span>
      </h2>
      <div ref={list} class="plist" role="listbox" aria-label={texts.passages} tabIndex={0}>
        {rows.slice(0, most).map((row) => {
          const [first] = row
          if (first === undefined) return null
          const chosen = row.find(({ index }) => index === selected) ?? first
          return (
            <Row
              key={first.index}
              {...chosen}
              readings={row.length}
              isOn={chosen.index === selected}
              onSelect={() => {
                const at = row.findIndex(({ index }) => index === selected)
                viewer.select((row[(at + 1) % row.length] ?? first).index)
              }}
            />
          )
        })}
        {(isOpen || isOtherSelected) &&
          others.map((one) => (
            <Row
              key={one.index}
              {...one}
              readings={1}
              isOn={one.index === selected}
              onSelect={() => viewer.select(one.index)}
            />
          ))}
      </div>
      <div class="row wrap more-rows">
        {ignore !== undefined && viewer.match.reference.videoId !== null && passages.length > 0 && (
          <button type="button" class="btn xs" onClick={ignore} {...needs('ignorePassage')}>
            <Icon of={EyeOff} size="s" />
            {matchesTexts.value.ignore.passage(selected + 1)} <kbd class="hide-s">I</kbd>
          </button>
        )}
        {rows.length > most && (
          <button type="button" class="btn xs" onClick={() => setMost(most + MOST_ROWS)}>
            {texts.showMore(rows.length - most)}
          </button>
        )}
        {others.length > 0 && (
          <button type="button" class="btn xs gh" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
            {texts.weaker(others.length)}
          </button>
        )}
      </div>
    </section>
  )
}

/** Scrolls a list so that a row of it is in view. */
function scrollWithin(list: HTMLElement, row: HTMLElement): void {
  const [outer, inner] = [list.getBoundingClientRect(), row.getBoundingClientRect()]
  if (inner.top < outer.top) list.scrollTop -= outer.top - inner.top
  else if (inner.bottom > outer.bottom) list.scrollTop += inner.bottom - outer.bottom
}

function Row(props: {
  readonly passage: Passage
  readonly index: number
  readonly readings: number
  readonly isOn: boolean
  readonly onSelect: () => void
}) {
  const { passage, index, readings, isOn, onSelect } = props
  const texts = matchTexts.value
  return (
    <div role="option" aria-selected={isOn} class={isOn ? 'pr on' : 'pr'} onClick={onSelect}>
      <span class="no">{index + 1}</span>
      <div class="col g3">
        <div class="row g4 nw">
          <span class="b">{`${timeText(passage.queryStart)}–${timeText(passage.queryEnd)}`}</span>
          <span class="qq">→</span>
          <span>{`${timeText(passage.refStart)}–${timeText(passage.refEnd)}`}</span>
        </div>
        <div class="row g4 wrap">
          <PassageTags passage={passage} />
          {readings > 1 && <span class="tag ln">{texts.sameSeconds(readings)}</span>}
        </div>
      </div>
      <div class="r">
        <div class="b">{scoreText(passage.score)}</div>
        <div class="sm q">{texts.seconds(passage.queryEnd - passage.queryStart)}</div>
      </div>
    </div>
  )
}

export function PassageTags({ passage }: { readonly passage: Passage }) {
  const texts = matchTexts.value
  return (
    <>
      {passage.kind !== 'audio' && (
        <span class="tag pic">
          <Icon of={ImageIcon} size="s" />
          {texts.picture}
        </span>
      )}
      {passage.kind !== 'video' && (
        <span class="tag snd">
          <Icon of={AudioLines} size="s" />
          {texts.sound}
        </span>
      )}
      {alterationTags(passage).map(({ kind, text }) => (
        <span class="tag" key={text}>
          <Icon of={alterationIcons[kind]} size="s" />
          {text}
        </span>
      ))}
      {passage.ignored !== null && (
        <span class="tag">
          <Icon of={EyeOff} size="s" />
          {isHeld(passage.ignored) ? heldTexts.value.tag : texts.ignored}
        </span>
      )}
    </>
  )
}
