import { libraries as en } from '../../messages/en/libraries.ts'
import { textsOf } from '../../messages/texts-of.ts'
import { libraries as zh } from '../../messages/zh/libraries.ts'

export const librariesTexts = textsOf({ en, zh })
