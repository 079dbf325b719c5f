import { type Excerpt, type Recipe, soundFilter } from '../attacks/recipe.ts'

export const SECONDS = 12
export const CANVAS = 's=640x360:r=25'
export const STEREO = 'aformat=channel_layouts=stereo'

type Parts = {
  readonly footage?: Excerpt | null
  readonly picture: string
  readonly sound?: string
  readonly seconds?: number
}

/** Ends in [v] and [a]; the sound of the footage if none is given. */
export function made({ footage = null, picture, sound, seconds = SECONDS }: Parts): Recipe {
  const length = seconds.toFixed(3)
  const own = footage?.original.audible
    ? soundFilter(0, { seconds })
    : `anullsrc=r=44100:cl=stereo,atrim=0:${length}[a]`
  const filters = [
    `${picture},setsar=1,format=yuv420p,trim=0:${length}[v]`,
    sound === undefined ? own : `${sound},aresample=44100,${STEREO},atrim=0:${length}[a]`,
  ]
  return { inputs: footage ? [footage] : [], filters, sound: true, seconds, segments: [] }
}

const words = [
  ['Quarterly results', 'Sales grew in spring', 'Costs were stable', 'Two offices moved'],
  ['Cell biology', 'Membranes let water pass', 'Enzymes speed reactions', 'Cells divide'],
  ['Fire safety', 'Know the nearest exit', 'Leave bags behind', 'Meet outside'],
  ['Bridge building', 'Stone arches came first', 'Iron followed', 'Cables span the bay'],
] as const

/** A title and points, different for each of four variants. */
export function linesOf(variant: number): readonly string[] {
  return words[variant % words.length] ?? words[0]
}

/** A tune of eighth notes that differs by variant. */
export function tune(variant: number): string {
  const base = 196 + 37 * variant
  const note = `mod(floor(t*4)*${[5, 7, 3, 2][variant % 4]}+floor(t/2)*${variant + 1},12)`
  return `aevalsrc='0.25*sin(2*PI*t*${base}*pow(2,${note}/12))*exp(-3*mod(t,0.25))+0.1*sin(2*PI*t*${base / 2})':s=44100`
}

export const BEEPS = "aevalsrc='0.3*sin(2*PI*800*t)*lt(mod(t,1),0.05)':s=44100"
