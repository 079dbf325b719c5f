import { libraryCallback as en } from '../../messages/en/library-callback.ts'
import { textsOf } from '../../messages/texts-of.ts'
import { libraryCallback as zh } from '../../messages/zh/library-callback.ts'

export const libraryCallbackTexts = textsOf({ en, zh })
