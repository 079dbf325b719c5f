import { api as en } from '../../messages/en/api.ts'
import { textsOf } from '../../messages/texts-of.ts'
import { api as zh } from '../../messages/zh/api.ts'

export const apiTexts = textsOf({ en, zh })
