import { Fault } from '@kinoprint/core'
import {
  type Bank,
  type BankContent,
  comparePdq,
  compareVpdqSignals,
  contentsOfVideos,
  listBanks,
  lookUpPdq,
  lookUpVpdq,
} from '@kinoprint/store'
import type { Request } from 'express'
import { clientAddress } from '../http/client-address.ts'
import { hasFile, hashFile } from './hash-file.ts'
import { flagOf, type HmaContext, queryOf, readJsonObject } from './hma-context.ts'
import { readSignal, type Signal, signalTypes } from './signals.ts'

type Match = { readonly bank: Bank; readonly content: BankContent; readonly distance: string }
type MatchBody = { readonly bank_content_id: number; readonly distance: string }

type MatchesByBank = Record<string, MatchBody[]>

/**
 * Matches by bank, of enabled banks and contents. A bank of a ratio below 1 takes part by chance, or by the `seed`. For a
 * file, by type of signal and bank, unless a `signal_type` is given.
 */
export async function lookup(
  context: HmaContext,
  req: Request,
): Promise<MatchesByBank | Record<string, MatchesByBank>> {
  const isWanted = enabledBanks(req)
  if (!hasFile(req)) return byBank(await findMatches(context, req, { signal: signalOf(req), isWanted }))
  const { signals } = await hashFile(context, req)
  const found: Record<string, MatchesByBank> = {}
  for (const [type, value] of Object.entries(signals))
    found[type] = byBank(await findMatches(context, req, { signal: readSignal(type, value), isWanted }))
  const type = queryOf(req, 'signal_type')
  return type === undefined ? found : (found[type] ?? {})
}

/** The banks that take part in this lookup. */
function enabledBanks(req: Request): (bank: Bank) => boolean {
  const coin = flagOf(req, 'bypass_coinflip') ? 0 : coinOf(queryOf(req, 'seed'))
  return ({ enabledRatio }) => enabledRatio > 0 && enabledRatio >= coin
}

function byBank(found: readonly Match[]): MatchesByBank {
  const matches: MatchesByBank = {}
  for (const { bank, content, distance } of found) {
    if (!isEnabled(content)) continue
    matches[bank.name] = [...(matches[bank.name] ?? []), { bank_content_id: content.contentId, distance }]
  }
  return matches
}

/** Matches of all banks and contents, whether or not they are enabled. */
export async function rawLookup(
  context: HmaContext,
  req: Request,
): Promise<{ matches: (number | MatchBody)[] }> {
  const found = await findMatches(context, req, { signal: signalOf(req), isWanted: () => true })
  const withDistance = flagOf(req, 'include_distance')
  return {
    matches: found.map(({ content: { contentId }, distance }) =>
      withDistance ? { bank_content_id: contentId, distance } : contentId,
    ),
  }
}

/** Compares pairs of signals: `{"pdq": [a, b]}`. */
export async function compare(_context: HmaContext, req: Request): Promise<Record<string, unknown>> {
  const pairs = Object.entries(await readJsonObject(req))
  return Object.fromEntries(
    pairs.map(([type, pair]) => {
      if (!Array.isArray(pair)) throw wrong(`Comparison hashes for ${type} was not a list`)
      if (pair.length !== 2) throw wrong('Comparison hash list length must be exactly 2')
      return [type, comparison(readSignal(type, pair[0]), readSignal(type, pair[1]))]
    }),
  )
}

function comparison(a: Signal, b: Signal): readonly [boolean, object] {
  if (a.type === 'pdq') {
    const { isMatch, distance } = comparePdq(a.first, b.first)
    return [isMatch, { distance }]
  }
  const { isMatch, queryPercent, referencePercent } = compareVpdqSignals(a.frames, b.frames)
  return [isMatch, { query_match_percent: queryPercent, compared_match_percent: referencePercent }]
}

export async function listSignalTypes(): Promise<object[]> {
  return signalTypes.map((name) => ({ name, enabled_ratio: 1 }))
}

/** The index is always up to date. */
export async function indexStatus({ db }: HmaContext): Promise<object> {
  const banks = await listBanks(db)
  const status = { present: true, built_to: Math.floor(Date.now() / 1000), size: banks.length }
  return Object.fromEntries(signalTypes.map((name) => [name, status]))
}

function signalOf(req: Request): Signal {
  const [type, value] = [queryOf(req, 'signal_type'), queryOf(req, 'signal')]
  if (type === undefined || value === undefined)
    throw wrong('Either url or both signal and signal_type are required')
  return readSignal(type, value)
}

async function findMatches(
  context: HmaContext,
  req: Request,
  { signal, isWanted }: { readonly signal: Signal; readonly isWanted: (bank: Bank) => boolean },
): Promise<Match[]> {
  const names = queryOf(req, 'banks')?.split(',')
  const banks = (await listBanks(context.db)).filter(
    (bank) => isWanted(bank) && (names === undefined || names.includes(bank.name)),
  )
  return context.lookups.run(clientAddress(req), async () => {
    const matches: Match[] = []
    for (const bank of banks) matches.push(...(await matchesIn(context, bank, signal)))
    return matches
  })
}

async function matchesIn({ db }: HmaContext, bank: Bank, { type, first, frames }: Signal): Promise<Match[]> {
  const { dnaDbId } = bank
  const found =
    type === 'pdq'
      ? (await lookUpPdq(db, { dnaDbId, hash: first.hash })).map(({ videoId, distance }) => ({
          videoId,
          distance: String(distance),
        }))
      : (await lookUpVpdq(db, { dnaDbId, frames })).map(({ videoId, queryPercent, referencePercent }) => ({
          videoId,
          distance: `${queryPercent.toFixed(0)}%[${referencePercent.toFixed(0)}%]`,
        }))
  const contents = await contentsOfVideos(
    db,
    found.map(({ videoId }) => videoId),
  )
  return found.flatMap(({ videoId, distance }) => {
    const content = contents.get(videoId)
    return content === undefined ? [] : [{ bank, content, distance }]
  })
}

function isEnabled({ disableUntilTs }: BankContent): boolean {
  return disableUntilTs !== 0 && disableUntilTs <= Date.now() / 1000
}

/** From 0 to 1, the same for the same seed. */
function coinOf(seed: string | undefined): number {
  if (seed === undefined) return Math.random()
  let state = 0
  for (const character of seed) state = (Math.imul(state, 31) + (character.codePointAt(0) ?? 0)) >>> 0
  return (Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) >>> 0) / 2 ** 32
}

function wrong(message: string): Fault {
  return new Fault('InvalidArgument', message)
}
