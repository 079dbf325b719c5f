import { usage as en } from '../../messages/en/usage.ts'
import { textsOf } from '../../messages/texts-of.ts'
import { usage as zh } from '../../messages/zh/usage.ts'

export const usageTexts = textsOf({ en, zh })
