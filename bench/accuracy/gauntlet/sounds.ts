import { copyOf, FIT, type Recipe, soundFilter } from '../attacks/recipe.ts'
import { pick } from '../random.ts'
import { addStrangeSound, addVoice, semitones } from './copy-sound.ts'
import { addInput, draftOf } from './draft.ts'
import type { GauntletFamily, GauntletScene } from './family.ts'
import { plain } from './plain-copy.ts'
import { choiceAt, countAt, valueAt } from './severity.ts'
import { captions } from './words.ts'

/** Another voice over the quieter original, and a cropped picture with subtitles. */
function dub(scene: GauntletScene): Recipe {
  const { excerpt, random, strength } = scene
  const { seconds } = excerpt
  const kept = valueAt(strength, [0.96, 0.88, 0.78])
  const words = captions(random, { seconds, strength: strength / 2, top: 0.8 })
  const { inputs, filters, segments } = plain(scene, `crop=iw*${kept}:ih*${kept},${words}`, {
    sounds: ['none'],
  })
  const draft = { inputs: [...inputs], filters: [...filters] }
  const volume = `volume=${valueAt(strength, [0.4, 0.2, 0.1])}`
  draft.filters.push(soundFilter(0, { seconds, chain: volume, to: 'ducked' }))
  addVoice(draft, scene, { seconds, to: 'voice' })
  draft.filters.push('[ducked][voice]amix=inputs=2:duration=first:normalize=0[a]')
  return {
    ...draft,
    sound: true,
    seconds,
    segments: segments.map((one) => ({ ...one, tracks: 'av' as const })),
  }
}

type Sound = {
  readonly chain: string
  readonly speed?: number
  readonly bitrate?: string
  /** Adds a filter that makes [under], mixed with the copy. */
  readonly under?: string
}

/** The sound of the excerpt with the pictures of other footage, moving or still. */
function soundAlone(make: (scene: GauntletScene) => Sound) {
  return (scene: GauntletScene): Recipe => {
    const { excerpt } = scene
    const { chain, speed = 1, bitrate, under } = make(scene)
    const seconds = excerpt.seconds / speed
    const draft = draftOf(excerpt)
    addOtherPicture(draft, scene, seconds)
    draft.filters.push(soundFilter(0, { seconds: excerpt.seconds, chain, to: under ? 'copy' : 'a' }))
    if (under) draft.filters.push(under, '[copy][under]amix=inputs=2:duration=first:normalize=0[a]')
    return {
      ...draft,
      sound: true,
      ...(bitrate ? { soundCodec: ['-c:a', 'aac', '-b:a', bitrate, '-ar', '44100', '-ac', '2'] } : {}),
      seconds,
      segments: [copyOf(excerpt, { tracks: 'a', speed })],
    }
  }
}

function addOtherPicture(
  draft: ReturnType<typeof draftOf>,
  { random, strangers }: GauntletScene,
  seconds: number,
): void {
  const original = pick(strangers, random)
  const number = addInput(draft, { original, start: 0, seconds: original.duration, loop: true })
  const still = random() < 0.35 ? 'loop=loop=-1:size=1:start=0,setpts=N/25/TB,' : ''
  draft.filters.push(`[${number}:v]${FIT},${still}trim=0:${seconds.toFixed(3)}[v]`)
}

const pitched = soundAlone(({ random, strength }) => {
  const steps = pick([-1, 1], random) * countAt(strength, [1, 2, pick([3, 4], random)])
  return { chain: `rubberband=pitch=${semitones(steps)}` }
})

const nightcore = soundAlone(({ strength }) => {
  const speed = valueAt(strength, [1.1, 1.2, 1.3])
  return { chain: `asetrate=${Math.round(44100 * speed)},aresample=44100`, speed }
})

/** Slowed with its pitch, in a long reverberation. */
const slowed = soundAlone(({ strength }) => {
  const speed = valueAt(strength, [0.93, 0.86, 0.8])
  const echo = `aecho=0.8:${valueAt(strength, [0.5, 0.7, 0.8])}:70|160|310:0.4|0.3|${valueAt(strength, [0.1, 0.2, 0.3])}`
  return { chain: `asetrate=${Math.round(44100 * speed)},aresample=44100,${echo}`, speed }
})

const phone = soundAlone(({ strength }) => ({
  chain: choiceAt(strength, [
    'highpass=f=300,lowpass=f=3400,acompressor=ratio=6',
    'highpass=f=400,lowpass=f=2600,acrusher=bits=8:samples=2:mix=0.8,aresample=8000,aresample=44100,aformat=channel_layouts=stereo',
    'acrusher=bits=5:samples=6:mix=1,lowpass=f=3000,acompressor=ratio=12',
  ]),
  bitrate: choiceAt(strength, ['48k', '32k', '24k']),
}))

/** Out of a loudspeaker into a telephone: reverberation, noise, a narrow band and automatic gain. */
const loudspeaker = soundAlone(({ excerpt, random, strength }) => {
  const echo = `aecho=0.7:${valueAt(strength, [0.5, 0.7, 0.9])}:23|41|67|103|157:0.5|0.4|0.35|0.3|${valueAt(strength, [0.15, 0.2, 0.25])}`
  const width = `highpass=f=${countAt(strength, [150, 250, 350])},lowpass=f=${countAt(strength, [7000, 5000, 3500])}`
  const peak = `equalizer=f=900:t=o:w=1:g=${countAt(strength, [3, 6, 9])}`
  const noise = `anoisesrc=c=brown:a=${valueAt(strength, [0.02, 0.05, 0.1])}:r=44100:s=${1 + Math.floor(random() * 9999)}`
  return {
    chain: `loudnorm=I=-22,aresample=44100,${echo},${width},${peak},acompressor=ratio=4`,
    under: `${noise},aformat=channel_layouts=stereo,atrim=0:${excerpt.seconds.toFixed(3)}[under]`,
  }
})

/** A few seconds of sound in 45 s of other sound. */
function soundNeedle(scene: GauntletScene): Recipe {
  const { random, strength } = scene
  const total = 45
  const seconds = Math.min(scene.excerpt.seconds, valueAt(strength, [10, 6, 4]))
  const excerpt = { ...scene.excerpt, seconds }
  const from = Math.floor(10 + random() * 20)
  const draft = draftOf(excerpt)
  addOtherPicture(draft, scene, total)
  const chain = `adelay=${from * 1000}:all=1,apad,atrim=0:${total}`
  draft.filters.push(soundFilter(0, { seconds, chain, to: 'copy' }))
  const quiet = `volume=volume='if(between(t,${from},${(from + seconds).toFixed(2)}),0,0.6)':eval=frame`
  addStrangeSound(draft, scene, { seconds: total, to: 'bed', chain: quiet })
  draft.filters.push('[copy][bed]amix=inputs=2:duration=first:normalize=0[a]')
  return { ...draft, sound: true, seconds: total, segments: [copyOf(excerpt, { tracks: 'a', from })] }
}

const sound = true
export const soundFamilies: readonly GauntletFamily[] = [
  { family: 'dub', least: 8, most: 12, needs: { sound, filters: ['flite'] }, make: dub },
  { family: 'pitch', least: 10, most: 14, needs: { sound, filters: ['rubberband'] }, make: pitched },
  { family: 'nightcore', least: 12, most: 16, needs: { sound }, make: nightcore },
  { family: 'slowed', least: 9, most: 12, needs: { sound }, make: slowed },
  { family: 'phone', least: 10, most: 14, needs: { sound }, make: phone },
  { family: 'loudspeaker', least: 10, most: 14, needs: { sound }, make: loudspeaker },
  { family: 'sound-needle', least: 10, most: 12, needs: { sound }, make: soundNeedle },
]
