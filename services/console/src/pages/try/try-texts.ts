import { tryIt as en } from '../../messages/en/try-it.ts'
import { textsOf } from '../../messages/texts-of.ts'
import { tryIt as zh } from '../../messages/zh/try-it.ts'

export const tryTexts = textsOf({ en, zh })
