import { copyOf, EVEN, type Recipe } from '../attacks/recipe.ts'
import { pick } from '../random.ts'
import { copySound, type SoundChoice } from './copy-sound.ts'
import { addInput, type Draft, draftOf } from './draft.ts'
import { cover, type GauntletScene, rateOf, sizeOf } from './family.ts'

type Host = { readonly w: number; readonly h: number; readonly label: string }

/** Other footage that fills `w` x `h` as [label], without its sound. */
export function addHost(draft: Draft, { excerpt, random, strangers }: GauntletScene, host: Host): void {
  const original = pick(strangers, random)
  const number = addInput(draft, { original, start: 0, seconds: original.duration, loop: true })
  const end = (excerpt.seconds * 3 + 1).toFixed(3)
  draft.filters.push(`[${number}:v]${cover(host.w, host.h)},fps=25,trim=0:${end}[${host.label}]`)
}

type Finish = {
  /** A filter graph that ends without a label. */
  readonly picture: string
  readonly speed?: number
  readonly sounds?: readonly SoundChoice[]
}

/** The recipe of a draft that shows the whole excerpt, with a sound as people choose it. */
export function finished(draft: Draft, scene: GauntletScene, { picture, speed = 1, sounds }: Finish): Recipe {
  const { excerpt } = scene
  draft.filters.push(`${picture},${EVEN},format=yuv420p[v]`)
  const { sound, tracks } = copySound(draft, scene, { speed, ...(sounds ? { sounds } : {}) })
  return {
    inputs: draft.inputs,
    filters: draft.filters,
    sound,
    seconds: excerpt.seconds / speed,
    segments: [copyOf(excerpt, { speed, tracks })],
  }
}

type Plain = Omit<Finish, 'picture'> & { readonly short?: number; readonly fps?: string }

/** The excerpt, scaled to `short` pixels on its shorter side, through one chain of filters. */
export function plain(
  scene: GauntletScene,
  chain: string,
  { short = 360, fps, ...more }: Plain = {},
): Recipe {
  const { original } = scene.excerpt
  const { w, h } = sizeOf(original, short)
  const picture = `[0:v]setpts=PTS-STARTPTS,scale=${w}:${h},setsar=1,fps=${fps ?? rateOf(original)},${chain}`
  return finished(draftOf(scene.excerpt), scene, { picture, ...more })
}
