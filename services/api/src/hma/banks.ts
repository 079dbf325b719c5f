import { Fault } from '@kinoprint/core'
import * as store from '@kinoprint/store'
import type { Request } from 'express'
import { dropThumbnails } from '../admin/thumbnails.ts'
import { auditChange, hmaActor } from '../audit-change.ts'
import { bankOf, type HmaContext, readJsonObject } from './hma-context.ts'

/** What HMA calls a bank. */
type BankBody = { readonly name: string; readonly matching_enabled_ratio: number }

const BANK_NAME = /^[A-Z_][A-Z0-9_]{0,127}$/

/** Every library is a bank. */
export async function listBanks({ db }: HmaContext): Promise<BankBody[]> {
  return (await store.listBanks(db)).map(bankBody)
}

export async function showBank(context: HmaContext, req: Request): Promise<BankBody> {
  return bankBody(await bankOf(context, req))
}

export async function createBank({ db, settings }: HmaContext, req: Request): Promise<BankBody> {
  const fields = await readJsonObject(req)
  const location = { bucket: settings.defaultBucket, region: settings.defaultRegion }
  const bank = { ...location, name: nameOf(fields.name), enabledRatio: ratioOf(fields) ?? 1 }
  return bankBody(await store.createBank(db, bank).catch(refuseTakenName))
}

export async function updateBank(context: HmaContext, req: Request): Promise<BankBody> {
  const bank = await bankOf(context, req)
  const fields = await readJsonObject(req)
  const name = fields.name === undefined || fields.name === null ? undefined : nameOf(fields.name)
  const changes = { ...(name !== undefined && { name }), ...ratioChange(ratioOf(fields)) }
  return bankBody(await store.updateBank(context.db, bank, changes).catch(refuseTakenName))
}

/** Deleting a bank that does not exist succeeds, as in HMA. */
export async function deleteBank(context: HmaContext, req: Request): Promise<{ message: string }> {
  const bank = await store.findBank(context.db, String(req.params.bank))
  if (bank === null) return { message: 'Done' }
  const videoIds = await store.inTransaction(context.db, async (db) => {
    const deleted = await store.deleteBank(db, bank)
    const { dnaDbId: subject, name } = bank
    const before = { name, videoCount: deleted.length }
    await auditChange(db, req, { actor: hmaActor, action: 'deleteLibrary', subject, before })
    return deleted
  })
  await dropThumbnails(context, videoIds)
  return { message: 'Done' }
}

export function bankBody({ name, enabledRatio }: store.Bank): BankBody {
  return { name, matching_enabled_ratio: enabledRatio }
}

function nameOf(value: unknown): string {
  if (typeof value === 'string' && BANK_NAME.test(value)) return value
  throw new Fault(
    'InvalidArgument',
    'name must consist of capital letters, digits and "_", and not begin with a digit.',
  )
}

/** `enabled_ratio` may be text; `enabled` stands for 0 or 1. Undefined if both are absent. */
function ratioOf({ enabled, enabled_ratio: given }: Readonly<Record<string, unknown>>): number | undefined {
  if (given === undefined || given === null)
    return enabled === undefined || enabled === null ? undefined : Number(isTrue(enabled))
  const ratio = typeof given === 'string' && given.trim() !== '' ? Number(given) : given
  if (typeof ratio === 'number' && ratio >= 0 && ratio <= 1) return ratio
  throw new Fault('InvalidArgument', 'enabled_ratio must be a number from 0 to 1.')
}

function isTrue(value: unknown): boolean {
  return value === true || /^(?:true|1|yes|on)$/i.test(String(value))
}

function ratioChange(enabledRatio: number | undefined): { enabledRatio?: number } {
  return enabledRatio === undefined ? {} : { enabledRatio }
}

/** HMA answers 403 for a name that is taken. */
function refuseTakenName(error: unknown): never {
  if (error instanceof Fault && error.code === 'Conflict')
    throw new Fault('AccessDenied', 'Bank already exists', { cause: error })
  throw error
}
