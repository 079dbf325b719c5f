/**
 * Words banned from names, comments, messages and docs, each with a replacement. The letters in brackets keep this file
 * from matching itself.
 */
export const bannedWords: readonly { readonly pattern: RegExp; readonly instead: string }[] = [
  { pattern: /\bane[w]\b/, instead: 'again, or a verb with "re-"' },
  { pattern: /\bnobod[y]\b/, instead: 'no one, or name who: no client, no worker' },
  { pattern: /\b(?:who|what|which|where)eve[r]\b/, instead: 'name it: any client, each file' },
  { pattern: /\bso (?:many|muc[h])\b/, instead: 'the figure, or "that many"' },
  { pattern: /\b(?:seldo[m]|seldome[r]|oftene[r])\b/, instead: 'rarely, less often, more often' },
  { pattern: /\blooked (?:at|fo[r])\b/, instead: 'read, checked, searched' },
  { pattern: /\b(?:is|are|was|were|be|been) tol[d]\b/, instead: 'receives, is set to, is notified' },
  { pattern: /\btold o[f]\b/, instead: 'notified of' },
  { pattern: /\basked (?:with|fo[r])\b/, instead: 'requested, queried' },
  { pattern: /\bstood stil[l]\b/, instead: 'stalled' },
  { pattern: /\bby itsel[f]\b/, instead: 'automatically, alone' },
  { pattern: /\broom[s]?\b/, instead: 'package, or space' },
  { pattern: /\bdoor[s]?\b/, instead: 'entry point, interface' },
  { pattern: /\btrut[h]\b/, instead: 'authoritative, expected value' },
  { pattern: /\bthing[s]?\b/, instead: 'name them' },
  { pattern: /\bfor eve[r]\b/, instead: 'forever, indefinitely' },
  { pattern: /\bof whic[h]\b/, instead: 'two sentences' },
  { pattern: /\b(?:hither[t]o|thereo[f])\b/, instead: 'so far, of it' },
  { pattern: /\blie[s]\b/, instead: 'is' },
  {
    pattern: /(?<!\b(?:in|take|takes|taking)[ -])\bplace[s]?\b(?!-(?:items|content|self))/,
    instead: 'bucket, position, slot, index',
  },
]

/** Retired names in two halves, so that this file does not match itself, each with the term that replaced it. */
const retired: readonly (readonly [start: string, end: string, instead: string])[] = [
  ['wit', 'hDoubts', 'withBitErrorRates'],
  ['lik', 'elyCells', 'multiProbeBuckets'],
  ['CEL', 'L_BITS', 'BUCKET_KEY_BITS'],
  ['key', 'framesOf', 'indexFramesOf'],
  ['que', 'ryProbesOf', 'queryHashesOf'],
  ['isP', 'romising', 'passesPrefilter'],
  ['vot', 'eLines', 'houghPeaks'],
  ['bes', 'tRun', 'maxSumInterval'],
  ['gro', 'wnRun', 'extendInterval'],
  ['gro', 'wRun', 'extendInterval'],
  ['dro', 'pEchoes', 'suppressRepeats'],
  ['Pic', 'tureLane', 'FrameTimeline'],
  ['Sou', 'ndLane', 'AudioTimeline'],
  ['Pic', 'tureScene', 'FramePairing'],
  ['pla', 'inWay', 'identity'],
  ['unu', 'sualWays', 'transformsToTry'],
  ['lai', 'dHashes', 'orientHashes'],
  ['lai', 'dDoubts', 'orientBitErrorRates'],
  ['win', 'dowOfCut', 'cropRect'],
  ['dou', 'btsOf', 'rangesToRefine'],
  ['Gli', 'mpsed', 'KeyframeResult'],
  ['sus', 'pectsOf', 'refinementCandidates'],
  ['loo', 'kCloser', 'refine'],
  ['war', 'nOf', 'logFailure'],
  ['out', 'last', 'retryWhileUnavailable'],
  ['hel', 'dJob', 'lockJob'],
  ['hol', 'dJob', 'lockJob'],
  ['end', 'HeldJob', 'finishJob'],
  ['int', 'oQueue', 'enqueueJobs'],
  ['pat', 'iently', 'withLongTimeout'],
  ['isD', 'atabaseAway', 'isDatabaseUnavailable'],
  ['cre', 'ateTurns', 'concurrencyLimiter'],
  ['cre', 'ateBatches', 'microBatcher'],
  ['ste', 'pBack', 'lowerPriority'],
  ['inL', 'anes', 'p-map'],
  ['eac', 'hOf', 'p-map'],
  ['qui', 'etLog', 'createThrottledWarnings'],
  ['rea', 'sonOf', 'errorText'],
  ['wor', 'dsOf', 'errorText'],
  ['cau', 'seOf', 'errorText'],
]

/** Retired identifiers, each with the standard term to use. */
export const retiredNames: ReadonlyMap<string, string> = new Map(
  retired.map(([start, end, instead]) => [start + end, instead]),
)
