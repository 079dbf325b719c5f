import { soundFilter } from '../attacks/recipe.ts'
import { pick, type Random } from '../random.ts'
import { addInput, type Draft } from './draft.ts'
import type { GauntletScene } from './family.ts'

/** What is done to the sound of a copy whose picture is altered. */
export type SoundChoice = 'kept' | 'replaced' | 'voice' | 'none' | 'pitch' | 'phone'

/** Shares in per cent: most copies keep their sound or get music. */
const SHARES: Readonly<Record<SoundChoice, number>> = {
  kept: 40,
  replaced: 22,
  voice: 14,
  none: 12,
  pitch: 6,
  phone: 6,
}
const ALL = Object.keys(SHARES) as SoundChoice[]
const NEEDS: Partial<Record<SoundChoice, string>> = { voice: 'flite', pitch: 'rubberband' }

type Options = { readonly speed: number; readonly sounds?: readonly SoundChoice[] }

/** Adds the sound of the excerpt (input 0) as [a], treated in one of the ways of `sounds`. */
export function copySound(
  draft: Draft,
  scene: GauntletScene,
  { speed, sounds = ALL }: Options,
): { sound: boolean; tracks: 'av' | 'v' } {
  const { original, seconds } = scene.excerpt
  const possible = sounds.filter((one) => isPossible(one, scene))
  const choice = drawn(possible.length > 0 ? possible : ['none'], scene.random)
  const out = seconds / speed
  if (choice === 'none' || (choice === 'kept' && !original.audible)) return { sound: false, tracks: 'v' }
  if (choice === 'replaced') {
    addStrangeSound(draft, scene, { seconds: out, to: 'a' })
    return { sound: true, tracks: 'v' }
  }
  const paced = speed === 1 ? 'anull' : `atempo=${speed}`
  if (choice === 'voice') {
    draft.filters.push(soundFilter(0, { seconds, chain: `${paced},volume=0.45`, to: 'ducked' }))
    addVoice(draft, scene, { seconds: out, to: 'voice' })
    draft.filters.push('[ducked][voice]amix=inputs=2:duration=first:normalize=0[a]')
  } else draft.filters.push(soundFilter(0, { seconds, chain: `${paced},${chainOf(choice, scene.random)}` }))
  return { sound: true, tracks: 'av' }
}

function isPossible(choice: SoundChoice, { excerpt, strangers, filters }: GauntletScene): boolean {
  const needed = NEEDS[choice]
  if (needed !== undefined && !filters.has(needed)) return false
  if (choice === 'replaced') return strangers.some(({ audible }) => audible)
  return choice === 'none' || choice === 'kept' || excerpt.original.audible
}

function chainOf(choice: 'kept' | 'pitch' | 'phone', random: Random): string {
  if (choice === 'pitch') return `rubberband=pitch=${semitones(pick([-1, 1], random))}`
  return choice === 'phone' ? PHONE : 'anull'
}

const PHONE = 'highpass=f=300,lowpass=f=3400,aresample=8000,aresample=44100,aformat=channel_layouts=stereo'

/** The frequency ratio of a number of semitones. */
export function semitones(count: number): string {
  return (2 ** (count / 12)).toFixed(5)
}

function drawn(choices: readonly SoundChoice[], random: Random): SoundChoice {
  const total = choices.reduce((sum, choice) => sum + SHARES[choice], 0)
  let rest = random() * total
  for (const choice of choices) {
    rest -= SHARES[choice]
    if (rest < 0) return choice
  }
  return choices[0] ?? 'none'
}

type Added = { readonly seconds: number; readonly to: string; readonly chain?: string }

/** Adds the sound of other footage as [to]; a tone of pink noise if none is audible. */
export function addStrangeSound(
  draft: Draft,
  { random, strangers }: GauntletScene,
  { seconds, to, chain = 'anull' }: Added,
): void {
  const loud = strangers.filter(({ audible }) => audible)
  const length = seconds.toFixed(3)
  if (loud.length === 0) {
    const seed = 1 + Math.floor(random() * 9999)
    draft.filters.push(
      `anoisesrc=a=0.1:r=44100:c=pink:s=${seed},atrim=0:${length},aformat=channel_layouts=stereo,${chain}[${to}]`,
    )
    return
  }
  const original = pick(loud, random)
  const input = addInput(draft, { original, start: 0, seconds: original.duration, loop: true })
  draft.filters.push(soundFilter(input, { seconds, chain, to }))
}

const SENTENCES = [
  'Welcome back everyone. In this video we watch one of the most requested clips of the year.',
  'Let me pause here for a second, because this part surprised all of us in the studio.',
  'If you enjoy this kind of content, then leave a comment and tell me what you think.',
  'Experts say that the scene was recorded in a single take without any preparation.',
  'Here is the second story of the day, and it comes from a small town by the sea.',
]
const VOICES = ['kal16', 'slt', 'awb', 'rms']

/** Adds synthetic speech as [to]. Needs the filter `flite`. */
export function addVoice(
  draft: Draft,
  { random }: GauntletScene,
  { seconds, to, chain = 'anull' }: Added,
): void {
  const first = Math.floor(random() * SENTENCES.length)
  const words = [0, 1, 2].map((n) => SENTENCES[(first + n) % SENTENCES.length]).join(' ')
  const speech = `flite=text='${words}':voice=${pick(VOICES, random)}`
  draft.filters.push(
    `${speech},aresample=44100,aformat=channel_layouts=stereo,apad,atrim=0:${seconds.toFixed(3)},${chain}[${to}]`,
  )
}
