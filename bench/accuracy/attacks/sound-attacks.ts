import { pick, type Random } from '../random.ts'
import {
  type Attack,
  copyOf,
  EVEN,
  FIT,
  type Input,
  type Original,
  plainRecipe,
  type Recipe,
  type Scene,
  soundFilter,
} from './recipe.ts'

/** Mixed under the copied audio: noise of an amplitude, or the audio of other footage at a volume. */
type Under = { readonly noise: number } | { readonly stranger: number }
type SoundAttack = {
  readonly chain?: string
  readonly under?: Under
  readonly codec?: readonly string[]
  readonly still?: boolean
}

/** The audio of the excerpt under the video of other footage. */
function soundOnly({ chain = 'anull', under, codec, still = false }: SoundAttack) {
  return ({ excerpt, random, strangers }: Scene): Recipe => {
    const { seconds } = excerpt
    const host = pick(strangers, random)
    const inputs: Input[] = [excerpt, { original: host, start: 0, seconds: host.duration, loop: true }]
    const length = seconds.toFixed(3)
    const freeze = still ? 'loop=loop=-1:size=1:start=0,setpts=N/25/TB,' : ''
    const filters = [`[1:v]${FIT},${freeze}trim=0:${length}[v]`]
    if (under === undefined) filters.push(soundFilter(0, { seconds, chain }))
    else
      filters.push(
        soundFilter(0, { seconds, chain, to: 'copy' }),
        mixed(under, { seconds, random, inputs, strangers }),
      )
    return {
      inputs,
      filters,
      sound: true,
      ...(codec ? { soundCodec: codec } : {}),
      seconds,
      segments: [copyOf(excerpt, { tracks: 'a' })],
    }
  }
}

type Mixing = {
  readonly seconds: number
  readonly random: Random
  readonly inputs: Input[]
  readonly strangers: readonly Original[]
}

function mixed(under: Under, { seconds, random, inputs, strangers }: Mixing): string {
  const mix = '[copy][under]amix=inputs=2:duration=first:normalize=0[a]'
  const loud = strangers.filter(({ audible }) => audible)
  if ('noise' in under || loud.length === 0) {
    const amplitude = 'noise' in under ? under.noise : under.stranger / 5
    const noise = `anoisesrc=a=${amplitude}:r=44100:c=pink:s=${1 + Math.floor(random() * 9999)}`
    return `${noise},atrim=0:${seconds.toFixed(3)},aformat=channel_layouts=stereo[under];${mix}`
  }
  const original = pick(loud, random)
  inputs.push({ original, start: 0, seconds: original.duration, loop: true })
  const chain = `volume=${under.stranger}`
  return `${soundFilter(inputs.length - 1, { seconds, chain, to: 'under' })};${mix}`
}

const aac32: SoundAttack = { codec: ['-c:a', 'aac', '-b:a', '32k', '-ar', '44100', '-ac', '2'] }
const attacks: Readonly<Record<string, SoundAttack>> = {
  'aac-32k': aac32,
  'mp3-32k': { codec: ['-c:a', 'libmp3lame', '-b:a', '32k', '-ar', '22050', '-ac', '1'] },
  'noise-weak': { under: { noise: 0.02 } },
  'noise-strong': { under: { noise: 0.08 } },
  quiet: { chain: 'volume=0.15' },
  clipped: { chain: 'volume=5,alimiter=limit=0.9' },
  telephone: { chain: 'highpass=f=300,lowpass=f=3400' },
  equalised: { chain: 'equalizer=f=200:t=o:w=1:g=-12,equalizer=f=3000:t=o:w=1:g=10' },
  echo: { chain: 'aecho=0.8:0.7:60|120:0.4|0.25' },
  '8kHz': { chain: 'aresample=8000,aresample=44100' },
  'other-sound-under': { under: { stranger: 0.5 } },
  'other-sound-over': { chain: 'volume=0.7', under: { stranger: 1 } },
}

/** The video of the excerpt with its audio replaced, muted or removed. */
function pictureOnly(sound: 'replaced' | 'muted' | 'absent') {
  return ({ excerpt, random, strangers }: Scene): Recipe => {
    const { seconds } = excerpt
    const inputs: Input[] = [excerpt]
    const filters = [`[0:v]${EVEN},format=yuv420p[v]`]
    const loud = strangers.filter(({ audible }) => audible)
    if (sound === 'replaced' && loud.length > 0) {
      const original = pick(loud, random)
      inputs.push({ original, start: 0, seconds: original.duration, loop: true })
      filters.push(soundFilter(1, { seconds }))
    } else if (sound !== 'absent') filters.push(`anullsrc=r=44100:cl=stereo,atrim=0:${seconds.toFixed(3)}[a]`)
    return {
      inputs,
      filters,
      sound: sound !== 'absent',
      seconds,
      segments: [copyOf(excerpt, { tracks: 'v' })],
    }
  }
}

/** Delays the audio. */
function late(by: number) {
  return ({ excerpt }: Scene): Recipe => {
    const sound = `adelay=${by * 1000}:all=1,atrim=0:${excerpt.seconds.toFixed(3)}`
    const length = excerpt.seconds - by
    const segments = [copyOf(excerpt, { tracks: 'v' }), copyOf(excerpt, { tracks: 'a', from: by, length })]
    return { ...plainRecipe(excerpt, { sound }), segments }
  }
}

const needs = { sound: true } as const

export const soundAttacks: readonly Attack[] = [
  { family: 'audioonly', variant: 'clean', smoke: true, needs, make: soundOnly({}) },
  { family: 'audioonly', variant: 'over-a-still', needs, make: soundOnly({ still: true }) },
  ...Object.entries(attacks).map(([variant, attack]) => ({
    family: 'audioatt',
    variant,
    smoke: variant === 'aac-32k' || variant === 'telephone',
    needs,
    make: soundOnly(attack),
  })),
  { family: 'piconly', variant: 'replaced', smoke: true, make: pictureOnly('replaced') },
  { family: 'piconly', variant: 'muted', make: pictureOnly('muted') },
  { family: 'piconly', variant: 'absent', make: pictureOnly('absent') },
  { family: 'avshift', variant: '0.7s', needs: { sound: true, copiesOnly: true }, make: late(0.7) },
  { family: 'avshift', variant: '2s', smoke: true, needs: { sound: true, copiesOnly: true }, make: late(2) },
]
