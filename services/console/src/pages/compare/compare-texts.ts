import { compare as en } from '../../messages/en/compare.ts'
import { textsOf } from '../../messages/texts-of.ts'
import { compare as zh } from '../../messages/zh/compare.ts'

export const compareTexts = textsOf({ en, zh })
