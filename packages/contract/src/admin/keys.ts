import { z } from 'zod'
import { actionNames } from '../tencent/actions.ts'
import { bucketName, id, isoTime, nullableTime, pageOf, regionName, text } from './fields.ts'
import { plainIssue } from './plain-issue.ts'

const listMax = 1000

/** Everything: stands alone in a list, so that it is never given by leaving something out. */
const ALL = '*'

/** An item, or the sign for all of them. A union would answer no more than that the input is wrong. */
const orAll = (item: z.ZodType<string>) =>
  z.string().superRefine((text, context) => {
    if (text === ALL) return
    const { error } = item.safeParse(text, { error: plainIssue })
    for (const { message } of error?.issues ?? []) context.addIssue({ code: 'custom', message })
  })

/** A list that has to be given. `["*"]` allows everything, which is null from here on. */
const allowList = <Item extends z.ZodType<string>>(
  item: Item,
  { what, max }: { what: string; max: number },
) => {
  const sentence = `is missing: say ${what}, ["${ALL}"] for all`
  return z
    .array(orAll(item), {
      error: ({ input }) => (input === undefined ? sentence : undefined),
    })
    .min(1, `is empty: say ${what}, ["${ALL}"] for all`)
    .max(max)
    .refine((list) => list.length === 1 || !list.includes(ALL), `must hold "${ALL}" alone or not at all`)
    .transform((list): string[] | null => (list[0] === ALL ? null : [...list]))
}

/** POST /admin/keys. What a key may do has to be said: nothing is allowed by leaving it out. */
export const newKeySchema = z.strictObject({
  name: text(128).min(1),
  actions: allowList(z.enum(actionNames), {
    what: `what the key may do, some of ${actionNames.join(', ')}`,
    max: actionNames.length,
  }).describe('What it may do; ["*"] for everything.'),
  libraries: allowList(id, { what: 'which libraries it may use', max: listMax }).describe(
    'Ids of the libraries that it may use; ["*"] for all.',
  ),
  buckets: allowList(bucketName, { what: 'which buckets it may use', max: listMax }).describe(
    'Buckets that it may use, the first one being its default; ["*"] for all.',
  ),
  region: regionName.optional(),
})
export type NewKeyBody = z.output<typeof newKeySchema>

export const createdKeySchema = z.object({
  secretId: z.string(),
  secretKey: z.string().describe('Shown this one time.'),
})
export type CreatedKeyBody = z.output<typeof createdKeySchema>

/** A row of GET /admin/keys; null allows everything. */
export const keySchema = z.object({
  secretId: z.string(),
  name: z.string(),
  actions: z.array(z.string()).nullable(),
  libraries: z.array(z.string()).nullable(),
  buckets: z.array(z.string()).nullable(),
  region: z.string().nullable(),
  createdAt: isoTime,
  lastUsedAt: nullableTime,
})
export type KeyBody = z.output<typeof keySchema>
export const keyPageSchema = pageOf(keySchema)
