import { search as en } from '../../messages/en/search.ts'
import { textsOf } from '../../messages/texts-of.ts'
import { search as zh } from '../../messages/zh/search.ts'

export const searchTexts = textsOf({ en, zh })
