import { job as en } from '../../messages/en/job.ts'
import { textsOf } from '../../messages/texts-of.ts'
import { job as zh } from '../../messages/zh/job.ts'

export const jobTexts = textsOf({ en, zh })
