import { policy as en } from '../../messages/en/policy.ts'
import { textsOf } from '../../messages/texts-of.ts'
import { policy as zh } from '../../messages/zh/policy.ts'

export const policyTexts = textsOf({ en, zh })
