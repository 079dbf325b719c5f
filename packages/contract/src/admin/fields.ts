import { z } from 'zod'
import { limits } from '../tencent/limits.ts'

/** NUL is the one character that PostgreSQL's text cannot hold. */
const storable = (text: string): boolean => !text.includes('\0')

/** Text that can be stored, of at most so many characters. */
export const text = (maxCharacters: number) =>
  z.string().max(maxCharacters).refine(storable, 'must not hold the character NUL')

export const id = text(limits.idCharactersMax).min(1)

/** As object stores have them; the folder of a bucket has its name. */
export const bucketName = z
  .string()
  .regex(/^[a-z0-9](?:[a-z0-9.-]{0,126}[a-z0-9])?$/, 'must be lower-case letters, digits, "-" and "."')
  .refine((name) => !name.includes('..'), 'must not hold ".."')

export const regionName = z.string().regex(/^[a-z0-9-]{1,64}$/i, 'must be letters, digits and "-"')

/** ISO 8601, UTC. */
export const isoTime = z.iso.datetime({ offset: false })
export const nullableTime = isoTime.nullable()

/** Decimal seconds. */
export const seconds = z.number().min(0)
export const fraction = z.number().min(0).max(1)
export const percent = z.int().min(0).max(100)
export const count = z.int().min(0)

/** A switch in a query: `?force=true`. */
export const queryFlag = z
  .enum(['true', 'false', '1', '0', ''])
  .default('false')
  .transform((value) => value === 'true' || value === '1')

const adminPageSizeDefault = 20

const queryInteger = (max: number, fallback: number) =>
  z.coerce.number().int().min(1).max(max).default(fallback)

/** What every list of /admin takes. */
export const pageQueryShape = {
  page: queryInteger(limits.pageNumberMax, 1),
  pageSize: queryInteger(limits.pageSizeMax, adminPageSizeDefault),
}
export const pageQuerySchema = z.object(pageQueryShape)
export type PageQuery = z.output<typeof pageQuerySchema>

/** What every list of /admin answers. */
export const pageOf = <Item extends z.ZodType>(item: Item) =>
  z.object({ items: z.array(item), total: count, page: z.int().min(1), pageSize: z.int().min(1) })
