import { queue as en } from '../../messages/en/queue.ts'
import { textsOf } from '../../messages/texts-of.ts'
import { queue as zh } from '../../messages/zh/queue.ts'

export const queueTexts = textsOf({ en, zh })
