import { matches as en } from '../messages/en/matches.ts'
import { textsOf } from '../messages/texts-of.ts'
import { matches as zh } from '../messages/zh/matches.ts'

export const matchesTexts = textsOf({ en, zh })
