import { jobs as en } from '../../messages/en/jobs.ts'
import { textsOf } from '../../messages/texts-of.ts'
import { jobs as zh } from '../../messages/zh/jobs.ts'

export const jobsTexts = textsOf({ en, zh })
