import { results as en } from '../messages/en/results.ts'
import { textsOf } from '../messages/texts-of.ts'
import { results as zh } from '../messages/zh/results.ts'

export const resultTexts = textsOf({ en, zh })
