import { copyOf, type Recipe } from '../attacks/recipe.ts'
import { pick } from '../random.ts'
import { even, type GauntletFamily, type GauntletScene, rateOf, sizeOf } from './family.ts'
import { plain } from './plain-copy.ts'
import { choiceAt, countAt, valueAt } from './severity.ts'

/** Slowed, with frames blended or interpolated along their motion. */
function slowMotion(scene: GauntletScene): Recipe {
  const { excerpt, random, strength } = scene
  const speed = valueAt(strength, [0.8, 0.6, 0.5])
  const { w, h } = sizeOf(excerpt.original, 240)
  const mode = strength < 0.5 ? 'blend' : 'mci:mc_mode=obmc:me_mode=bidir:search_param=16'
  const chain = `setpts=PTS/${speed},minterpolate=fps=25:mi_mode=${mode},scale=${even(w * 1.5)}:${even(h * 1.5)}`
  return plain(scene, chain, { speed, short: 240, sounds: [pick(['none', 'replaced', 'kept'], random)] })
}

/** A short silent loop with few colours, played several times. */
function gifLoop({ excerpt, strength }: GauntletScene): Recipe {
  const rate = choiceAt(strength, [12, 10, 8])
  const frames = Math.round(Math.min(excerpt.seconds - 0.1, valueAt(strength, [4, 3.2, 2.6])) * rate)
  const seconds = frames / rate
  const rounds = choiceAt(strength, [3, 3, 4])
  const { w, h } = sizeOf(excerpt.original, even(valueAt(strength, [240, 180, 120])))
  const colors = countAt(strength, [256, 128, 48])
  const dither = choiceAt(strength, ['sierra2_4a', 'bayer', 'none'])
  const scale = strength < 1.5 ? 1 : 2
  const filters = [
    `[0:v]setpts=PTS-STARTPTS,fps=${rate},scale=${w}:${h},setsar=1,trim=end_frame=${frames},split[shown][counted]`,
    `[counted]palettegen=max_colors=${colors}[palette]`,
    `[shown][palette]paletteuse=dither=${dither},loop=loop=${rounds - 1}:size=${frames}:start=0,setpts=N/${rate}/TB,scale=${w * scale}:${h * scale}:flags=neighbor,format=yuv420p[v]`,
  ]
  const segments = Array.from({ length: rounds }, (_, n) =>
    copyOf(excerpt, { from: n * seconds, length: seconds, tracks: 'v' }),
  )
  return { inputs: [excerpt], filters, sound: false, seconds: rounds * seconds, segments }
}

function chained(chains: readonly [string, string, string], fps = '25') {
  return (scene: GauntletScene): Recipe => plain(scene, choiceAt(scene.strength, chains), { fps })
}

const JITTER = [
  "select='mod(n,5)',fps=25",
  "select='gt(random(1),0.35)',fps=25,tblend=all_mode=average",
  'fps=25,shuffleframes=2 0 1 5 3 4 6 7,tmix=frames=5',
] as const
const INTERLACED = [
  'fps=24000/1001,telecine=pattern=23,fps=30000/1001',
  'fps=50,interlace=scan=tff:lowpass=0,yadif=1,fps=50',
  'fps=50,interlace=scan=tff:lowpass=0,fieldorder=bff,scale=iw:trunc(ih*0.83/2)*2',
] as const

function blur60(scene: GauntletScene): Recipe {
  const frames = countAt(scene.strength, [4, 9, 16])
  return plain(scene, `minterpolate=fps=60:mi_mode=blend,tmix=frames=${frames}`)
}

const X264_30 = ['-c:v', 'libx264', '-preset', 'veryfast', '-crf', '30']

/** Four encodings in different codecs at low bitrates and changing sizes. */
function generationLoss(scene: GauntletScene): Recipe {
  const { strength, excerpt } = scene
  const height = even(valueAt(strength, [240, 180, 144]))
  const rate = countAt(strength, [160, 90, 55])
  const limit = ['-b:v', `${rate}k`, '-maxrate', `${rate}k`, '-bufsize', `${rate}k`]
  const recipe = plain(scene, `scale=-2:${height}`, { fps: rateOf(excerpt.original) })
  return {
    ...recipe,
    videoCodec: ['-c:v', 'libx264', '-preset', 'veryfast', ...limit],
    soundCodec: ['-c:a', 'aac', '-b:a', '48k'],
    passes: [
      {
        format: 'matroska',
        filter: `scale=-2:${even(height * 0.9)}`,
        videoCodec: ['-c:v', 'mpeg4', '-b:v', `${Math.round(rate * 1.1)}k`],
        soundCodec: ['-c:a', 'aac', '-b:a', '40k'],
      },
      {
        format: 'webm',
        filter: `scale=-2:${height}`,
        videoCodec: ['-c:v', 'libvpx-vp9', '-deadline', 'realtime', '-cpu-used', '8', '-b:v', `${rate}k`],
        soundCodec: ['-c:a', 'libopus', '-b:a', '32k'],
      },
      {
        format: 'mp4',
        filter: `scale=-2:${even(height * 1.5)}`,
        videoCodec: X264_30,
        soundCodec: ['-c:a', 'aac', '-b:a', '64k'],
      },
    ],
  }
}

export const frameTimingFamilies: readonly GauntletFamily[] = [
  { family: 'slow-motion', least: 5, most: 7, make: slowMotion },
  { family: 'gif-loop', least: 3, most: 4.2, make: gifLoop },
  { family: 'frame-jitter', least: 7, most: 10, make: chained(JITTER) },
  { family: 'interlace', least: 8, most: 12, make: chained(INTERLACED, '50') },
  { family: 'blur-60fps', least: 6, most: 9, make: blur60 },
  { family: 'generation-loss', least: 8, most: 12, make: generationLoss },
]
