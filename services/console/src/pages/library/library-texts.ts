import { library as en } from '../../messages/en/library.ts'
import { textsOf } from '../../messages/texts-of.ts'
import { library as zh } from '../../messages/zh/library.ts'

export const libraryTexts = textsOf({ en, zh })
