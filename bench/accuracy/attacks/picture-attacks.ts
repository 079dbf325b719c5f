import { pick, type Random } from '../random.ts'
import { captionBar, captionMeme, flyingComments, logo, stickers, ticker } from './drawing.ts'
import { type Attack, plainRecipe } from './recipe.ts'

type Filter = string | ((random: Random) => string)

/** Removes a share of each side, or crops to a corner. */
function crop(random: Random, cut: number): string {
  const [x, y] = pick(
    [
      ['(iw-ow)/2', '(ih-oh)/2'],
      ['(iw-ow)/2', '(ih-oh)/2'],
      ['0', '0'],
      ['iw-ow', 'ih-oh'],
    ] as const,
    random,
  )
  const kept = (1 - cut).toFixed(2)
  return `crop=trunc(iw*${kept}/2)*2:trunc(ih*${kept}/2)*2:${x}:${y}`
}

function turn(random: Random, degrees: number): string {
  return `rotate=${pick([-1, 1], random) * degrees}*PI/180:fillcolor=black`
}

/** A screen filmed at an angle: corners move inwards by up to `share` (0..1) of the picture. */
function fromTheSide(share: number): string {
  const at = (part: number) => (share * part).toFixed(3)
  const corners = [
    `x0=W*${at(0.6)}:y0=H*${at(1)}:x1=W*(1-${at(0.3)}):y1=H*${at(0.2)}`,
    `x2=W*${at(0.2)}:y2=H*(1-${at(0.5)}):x3=W*(1-${at(0.8)}):y3=H*(1-${at(1)})`,
  ]
  return `perspective=${corners.join(':')}:sense=destination`
}

const windowbox = 'pad=trunc(iw*1.3/2)*2:trunc(ih*1.3/2)*2:(ow-iw)/2:(oh-ih)/2:black'

/** One video filter chain per variant. The audio is only re-encoded. */
const filters: Readonly<Record<string, Readonly<Record<string, Filter>>>> = {
  resize: { half: 'scale=iw/2:-2', quarter: 'scale=iw/4:-2', '176x144': 'scale=176:144' },
  fps: { '12': 'fps=12', '15': 'fps=15', '60': 'fps=60' },
  aspect: {
    '4to3': 'scale=trunc(ih*4/3/2)*2:ih',
    '16to9': 'scale=trunc(ih*16/9/2)*2:ih',
    square: 'scale=ih:ih',
  },
  bars: {
    letterbox: 'pad=iw:trunc(ih*1.33/2)*2:0:(oh-ih)/2:black',
    pillarbox: 'pad=trunc(iw*1.33/2)*2:ih:(ow-iw)/2:0:black',
    windowbox,
  },
  crop: {
    '05': (random) => crop(random, 0.05),
    '10': (random) => crop(random, 0.1),
    '20': (random) => crop(random, 0.2),
    '30': (random) => crop(random, 0.3),
  },
  flip: { horizontal: 'hflip', vertical: 'vflip' },
  rotate: {
    '90': 'transpose=1',
    '180': 'hflip,vflip',
    '3deg': (random) => turn(random, 3),
    '5deg': (random) => turn(random, 5),
  },
  logo: { small: (random) => logo(random, 0.06, 0.7), large: (random) => logo(random, 0.16, 0.9) },
  caption: { bar: captionBar, meme: captionMeme },
  sticker: { two: (random) => stickers(random, 2, 0.2), five: (random) => stickers(random, 5, 0.28) },
  scroll: { ticker, comments: flyingComments },
  blur: { weak: 'gblur=sigma=2', strong: 'gblur=sigma=5' },
  sharpen: { weak: 'unsharp=5:5:1.5', strong: 'unsharp=7:7:4' },
  noise: { weak: 'noise=alls=18:allf=t', strong: 'noise=alls=45:allf=t' },
  color: {
    bright: 'eq=brightness=0.22',
    dark: 'eq=brightness=-0.2:gamma=0.8',
    contrast: 'eq=contrast=1.7',
    flat: 'eq=contrast=0.5',
    gamma: 'eq=gamma=1.9',
    vivid: 'eq=saturation=2.6',
    hue: 'hue=h=90',
  },
  gray: {
    gray: 'hue=s=0',
    sepia: 'colorchannelmixer=.393:.769:.189:0:.349:.686:.168:0:.272:.534:.131',
  },
  invert: { invert: 'negate' },
  camcorder: {
    weak: `${fromTheSide(0.06)},noise=alls=10:allf=t,eq=gamma=1.2`,
    strong: `${fromTheSide(0.14)},gblur=sigma=1.2,noise=alls=22:allf=t,eq=gamma=1.4:contrast=0.85:saturation=0.7`,
  },
  vertical: { crop: 'crop=trunc(ih*9/16/2)*2:ih' },
  combo: {
    'crop+logo': (random) => `${crop(random, 0.15)},${logo(random, 0.12, 0.9)}`,
    'flip+caption+gamma': (random) => `hflip,eq=gamma=1.5,${captionBar(random)}`,
    'bars+blur+half': `${windowbox},gblur=sigma=1.5,scale=iw/2:-2`,
    'turn+noise+15fps': (random) => `${turn(random, 3)},noise=alls=20:allf=t,fps=15`,
  },
}

const smoke = new Set(
  'resize/half fps/15 aspect/square bars/windowbox crop/20 flip/horizontal rotate/90 logo/large caption/bar sticker/two blur/strong sharpen/strong noise/strong color/gamma gray/gray invert/invert camcorder/weak combo/crop+logo'.split(
    ' ',
  ),
)

/** Filters that other attacks apply to one of the parts that they join. */
export const lightTouches: readonly ((random: Random) => string)[] = [
  (random) => crop(random, 0.1),
  (random) => logo(random, 0.06, 0.7),
  () => 'eq=gamma=1.9',
  () => 'hflip',
  () => 'gblur=sigma=1.5',
]

export const pictureAttacks: readonly Attack[] = Object.entries(filters).flatMap(([family, variants]) =>
  Object.entries(variants).map(([variant, filter]) => ({
    family,
    variant,
    smoke: smoke.has(`${family}/${variant}`),
    make: ({ excerpt, random }) =>
      plainRecipe(excerpt, { picture: typeof filter === 'string' ? filter : filter(random) }),
  })),
)

function x264(crf: number) {
  return ['-c:v', 'libx264', '-preset', 'veryfast', '-crf', String(crf)]
}
const codecs: Readonly<Record<string, readonly string[]>> = {
  'h264-28': x264(28),
  'h264-35': x264(35),
  'h264-42': x264(42),
  'h265-34': [
    '-c:v',
    'libx265',
    '-preset',
    'ultrafast',
    '-crf',
    '34',
    '-x265-params',
    'pools=1:log-level=error',
  ],
  'vp9-46': ['-c:v', 'libvpx-vp9', '-deadline', 'realtime', '-cpu-used', '8', '-crf', '46', '-b:v', '0'],
  'av1-52': ['-c:v', 'libsvtav1', '-preset', '12', '-crf', '52', '-svtav1-params', 'lp=1'],
}

/** Re-encoded with other codecs at decreasing bitrates. */
export const codecAttacks: readonly Attack[] = Object.entries(codecs).map(([variant, videoCodec]) => ({
  family: 'reenc',
  variant,
  smoke: variant === 'h264-35',
  make: ({ excerpt }) => ({
    ...plainRecipe(excerpt),
    videoCodec,
    soundCodec: ['-c:a', 'aac', '-b:a', '64k'],
  }),
}))
