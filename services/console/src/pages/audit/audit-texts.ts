import { audit as en } from '../../messages/en/audit.ts'
import { textsOf } from '../../messages/texts-of.ts'
import { audit as zh } from '../../messages/zh/audit.ts'

export const auditTexts = textsOf({ en, zh })
