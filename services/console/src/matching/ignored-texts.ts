import { ignored as en } from '../messages/en/ignored.ts'
import { textsOf } from '../messages/texts-of.ts'
import { ignored as zh } from '../messages/zh/ignored.ts'

export const ignoredTexts = textsOf({ en, zh })
