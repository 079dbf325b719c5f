import { held as en } from '../messages/en/held.ts'
import { textsOf } from '../messages/texts-of.ts'
import { held as zh } from '../messages/zh/held.ts'

export const heldTexts = textsOf({ en, zh })
