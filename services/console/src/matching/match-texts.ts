import { match as en } from '../messages/en/match.ts'
import { textsOf } from '../messages/texts-of.ts'
import { match as zh } from '../messages/zh/match.ts'

export const matchTexts = textsOf({ en, zh })
