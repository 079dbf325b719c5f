import { apiKeys as en } from '../../messages/en/api-keys.ts'
import { textsOf } from '../../messages/texts-of.ts'
import { apiKeys as zh } from '../../messages/zh/api-keys.ts'

export const apiKeyTexts = textsOf({ en, zh })
