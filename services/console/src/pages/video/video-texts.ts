import { video as en } from '../../messages/en/video.ts'
import { textsOf } from '../../messages/texts-of.ts'
import { video as zh } from '../../messages/zh/video.ts'

export const videoTexts = textsOf({ en, zh })
