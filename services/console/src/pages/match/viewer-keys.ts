import { useEffect } from 'preact/hooks'
import { type KeyBinding, useKeys } from '../../keys/keys.ts'
import { alterationText } from '../../matching/alterations.ts'
import { scoreText, timeText } from '../../matching/format.ts'
import { matchTexts } from '../../matching/match-texts.ts'
import { announce } from '../../parts/announce.tsx'
import { preferences, setPreference } from '../../preferences.ts'
import { fragmentOf, type Mode, modes } from './moment-address.ts'
import { copyMoment, nextSound } from './transport.tsx'
import type { Viewer } from './viewer.ts'

/** The keys of the players, passages and bars. Each has a button. */
export function useViewerKeys(viewer: Viewer): void {
  const { players } = viewer
  const choose = (step: number) => {
    viewer.select(players.selected.value + step)
    announcePassage(viewer)
  }
  const passageEnd = (end: 'queryStart' | 'queryEnd') => () => {
    const { passage } = viewer
    if (passage !== undefined) players.seek(passage[end])
  }
  const keys = matchTexts.value.keys
  const seek = (seconds: number) => () => players.seek(players.time.value + seconds)
  useKeys(matchTexts.value.players, [
    on('J', matchTexts.value.nextPassage, () => choose(1)),
    on('K', matchTexts.value.previousPassage, () => choose(-1)),
    on('Space', matchTexts.value.play, () => players.toggle()),
    on(',', matchTexts.value.frameBack, () => players.step(-1)),
    on('.', matchTexts.value.frameOn, () => players.step(1)),
    on('ArrowLeft', keys.back, seek(-1)),
    on('ArrowRight', keys.forward, seek(1)),
    on('Shift+ArrowLeft', keys.back5, seek(-5)),
    on('Shift+ArrowRight', keys.forward5, seek(5)),
    on('Home', keys.start, passageEnd('queryStart')),
    on('End', keys.end, passageEnd('queryEnd')),
    on('L', matchTexts.value.loop, () => viewer.toggleLoop()),
    on('[', keys.rangeStart, () => viewer.setRange('start')),
    on(']', keys.rangeEnd, () => viewer.setRange('end')),
    ...modes.map((name, index) =>
      on(String(index + 1), matchTexts.value.modes[name], () => chooseMode(viewer, name)),
    ),
    on('F', keys.straighten, () => {
      viewer.isStraight.value = !viewer.isStraight.value
    }),
    on('B', matchTexts.value.soften, () =>
      setPreference('soften', preferences.value.soften === 'off' ? 'blur' : 'off'),
    ),
    on('M', keys.sound, () => nextSound(viewer)),
    on('S', keys.swap, () => {
      viewer.isSwapped.value = !viewer.isSwapped.value
    }),
    on('R', keys.turnLine, () => {
      viewer.isLying.value = !viewer.isLying.value
    }),
    on('Q', keys.peek, () => {
      viewer.isPeeking.value = true
    }),
    on('Z', matchTexts.value.zoomIn, () => viewer.zoomToPassage()),
    on('0', matchTexts.value.zoomOut, () => viewer.zoomOut()),
    on('Alt+,', keys.nudgeBack, () => players.shift(-1)),
    on('Alt+.', keys.nudgeOn, () => players.shift(1)),
    on('T', matchTexts.value.copyLink, () =>
      copyMoment(`${location.origin}${location.pathname}${location.search}${fragmentOf(viewer)}`),
    ),
  ])
  useEffect(() => {
    const release = ({ key }: KeyboardEvent) => {
      if (key.toLowerCase() === 'q') viewer.isPeeking.value = false
    }
    addEventListener('keyup', release)
    return () => removeEventListener('keyup', release)
  }, [viewer])
}

/** Chooses a mode and says so, or why it is not possible. */
export function chooseMode(viewer: Viewer, mode: Mode): void {
  const texts = matchTexts.value
  viewer.mode.value = mode
  const obstacle = viewer.obstacleOf(mode)
  announce(
    obstacle === null ? texts.modes[mode] : texts.modeOff(texts.modes[mode], texts.obstacles[obstacle]),
  )
}

function announcePassage(viewer: Viewer): void {
  const { passage, match, players } = viewer
  if (passage === undefined) return
  const texts = matchTexts.value
  const said = texts.saidPassage({
    number: players.selected.value + 1,
    of: match.passages.length,
    from: timeText(passage.queryStart),
    to: timeText(passage.queryEnd),
    refFrom: timeText(passage.refStart),
    refTo: timeText(passage.refEnd),
  })
  announce([said, texts.kinds[passage.kind], ...alterationText(passage), scoreText(passage.score)].join('. '))
}

/** A binding of one key. */
export function on(key: string, label: string, run: () => void): KeyBinding {
  return { keys: [key], label, run }
}
