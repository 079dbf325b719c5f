import { chainFamilies } from './chain.ts'
import { coveringFamilies } from './coverings.ts'
import { cutFamilies } from './cuts.ts'
import type { GauntletFamily } from './family.ts'
import { frameTimingFamilies } from './frame-timing.ts'
import { lookFamilies } from './looks.ts'
import { movingWindowFamilies } from './moving-windows.ts'
import { panelFamilies } from './panels.ts'
import { soundFamilies } from './sounds.ts'

/** Every kind of re-upload in the gauntlet. */
export const gauntletFamilies: readonly GauntletFamily[] = [
  ...panelFamilies,
  ...movingWindowFamilies,
  ...chainFamilies,
  ...frameTimingFamilies,
  ...coveringFamilies,
  ...lookFamilies,
  ...cutFamilies,
  ...soundFamilies,
]
