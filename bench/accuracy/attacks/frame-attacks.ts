import { pick } from '../random.ts'
import { type Attack, copyOf, type Recipe, type Scene, soundFilter } from './recipe.ts'

const [WIDTH, HEIGHT] = [640, 360]

/** A small copy over other footage, which may be blurred. */
function pictureInPicture(share: number, position: string) {
  return ({ excerpt, random, strangers }: Scene): Recipe => {
    const { original, seconds } = excerpt
    const host = pick(strangers, random)
    const look = pick(['gblur=sigma=8', 'null'], random)
    const fill = `scale=${WIDTH}:${HEIGHT}:force_original_aspect_ratio=increase,crop=${WIDTH}:${HEIGHT}`
    const [w, h] = [Math.trunc(WIDTH * share), Math.trunc(HEIGHT * share)]
    const small = `scale=${w}:${h}:force_original_aspect_ratio=decrease:force_divisible_by=2`
    return {
      inputs: [excerpt, { original: host, start: 0, seconds: host.duration, loop: true }],
      filters: [
        `[1:v]${fill},setsar=1,fps=25,${look}[back]`,
        `[0:v]${small},setsar=1,fps=25[front]`,
        `[back][front]overlay=${position}:shortest=1,format=yuv420p[v]`,
        ...(original.audible ? [soundFilter(0, { seconds })] : []),
      ],
      sound: original.audible,
      seconds,
      segments: [copyOf(excerpt)],
    }
  }
}

/** A portrait frame over a blurred, enlarged copy of itself. */
function blurredPortrait({ excerpt }: Scene): Recipe {
  const { original, seconds } = excerpt
  return {
    inputs: [excerpt],
    filters: [
      '[0:v]split[wide][whole]',
      '[wide]scale=360:640:force_original_aspect_ratio=increase,crop=360:640,gblur=sigma=12[back]',
      '[whole]scale=360:640:force_original_aspect_ratio=decrease:force_divisible_by=2[front]',
      '[back][front]overlay=(W-w)/2:(H-h)/2,setsar=1,format=yuv420p[v]',
      ...(original.audible ? [soundFilter(0, { seconds })] : []),
    ],
    sound: original.audible,
    seconds,
    segments: [copyOf(excerpt)],
  }
}

export const frameAttacks: readonly Attack[] = [
  { family: 'pip', variant: '70-centre', smoke: true, make: pictureInPicture(0.7, '(W-w)/2:(H-h)/2') },
  { family: 'pip', variant: '50-corner', make: pictureInPicture(0.5, 'W-w-16:H-h-16') },
  { family: 'pip', variant: '60-side', make: pictureInPicture(0.6, '8:(H-h)/2') },
  { family: 'vertical', variant: 'blurred', smoke: true, make: blurredPortrait },
]
