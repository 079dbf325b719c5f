import { people as en } from '../../messages/en/people.ts'
import { textsOf } from '../../messages/texts-of.ts'
import { people as zh } from '../../messages/zh/people.ts'

export const peopleTexts = textsOf({ en, zh })
