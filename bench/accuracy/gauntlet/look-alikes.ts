import type { Excerpt, Recipe } from '../attacks/recipe.ts'
import { lyrics, screensaver, slides, snow, timer } from './drawn-templates.ts'
import { hud, leader, musicBed, studio } from './footage-templates.ts'

/**
 * Videos made from templates: one of each kind is stored, and others with the same template but other content are
 * negatives. What they share, e.g. a studio, beeps or a leader, must not suffice for a match.
 */
export type Template = {
  readonly kind: string
  /** Whether it shows footage. */
  readonly footage: boolean
  /** Whether the shared part is a copy, so that finding it is neither right nor wrong. */
  readonly sharesCopy?: boolean
  readonly make: (variant: number, footage: Excerpt | null) => Recipe
}

export const templates: readonly Template[] = [
  { kind: 'slides', footage: false, make: slides },
  { kind: 'lyrics', footage: false, make: lyrics },
  { kind: 'timer', footage: false, make: timer },
  { kind: 'screensaver', footage: false, make: screensaver },
  { kind: 'snow', footage: false, make: snow },
  { kind: 'studio', footage: true, make: studio },
  { kind: 'hud', footage: true, make: hud },
  { kind: 'leader', footage: true, sharesCopy: true, make: leader },
  { kind: 'music-bed', footage: true, sharesCopy: true, make: musicBed },
]
