import { editAttacks } from './edit-attacks.ts'
import { frameAttacks } from './frame-attacks.ts'
import { codecAttacks, pictureAttacks } from './picture-attacks.ts'
import type { Attack } from './recipe.ts'
import { soundAttacks } from './sound-attacks.ts'

/** Every attack in the benchmark. */
export const catalogue: readonly Attack[] = [
  ...codecAttacks,
  ...pictureAttacks,
  ...frameAttacks,
  ...editAttacks,
  ...soundAttacks,
]
