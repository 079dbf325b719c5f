import { settings as en } from '../../messages/en/settings.ts'
import { textsOf } from '../../messages/texts-of.ts'
import { settings as zh } from '../../messages/zh/settings.ts'

export const settingsTexts = textsOf({ en, zh })
