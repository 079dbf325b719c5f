type Said = {
  readonly decided: string
  readonly left: string
  readonly query: string
  readonly reference: string
  readonly score: string
  readonly seconds: string
  readonly tracks: string
}

export const matches = {
  title: 'Matches',
  tabs: { open: 'Open', confirmed: 'Confirmed', dismissed: 'Dismissed', near: 'Near misses' },
  toQueue: 'Open in the queue',
  byState: 'By state',
  noneOfState: 'No match in this state',
  stills: 'Stills',
  queryAndReference: 'Query and reference',
  age: 'Found',
  decidedToday: (decided: number, all: number) => `${decided} of ${all} decided today`,
  search: 'Name or id',
  library: 'Library',
  track: 'Track',
  altered: 'Altered',
  score: 'Score',
  seconds: 'Longer than',
  any: 'any',
  tracks: { picture: 'picture', sound: 'sound', both: 'picture and sound' },
  alterations: {
    any: 'altered',
    none: 'not altered',
    mirrored: 'mirrored',
    turned: 'turned',
    reversed: 'backwards',
    speed: 'other speed',
    part: 'part of the picture',
  },
  /** What was done to a copy, exactly. */
  changes: {
    mirrored: 'mirrored',
    turned: (degrees: number) => `turned ${degrees}°`,
    inPicture: 'in picture',
    cropped: 'cropped',
    backwards: 'backwards',
  },
  changedSince: 'changed since you decided',
  atLeast: (value: string) => `from ${value}`,
  longer: (seconds: string) => `${seconds} s`,
  clear: 'Clear filters',
  order: 'Order',
  orders: {
    newest: 'Newest first',
    oldest: 'Oldest first',
    score: 'Highest score',
    seconds: 'Longest',
    decided: 'Last decided',
  },
  groups: { none: 'Not grouped', reference: 'By reference', query: 'By query' },
  group: 'Group',
  inGroup: (count: number) => `${count} matches`,
  list: 'Matches to review',
  in: 'in',
  share: (seconds: string, percent: number) => `${seconds} s · ${percent} % of query`,
  range: (from: number, to: number, total: string) => `${from}–${to} of ${total}`,
  previousPage: 'Previous page',
  nextPage: 'Next page',
  allDecided: 'Nothing waits for you',
  allDecidedHint: 'New matches appear here when a search finds them.',
  noneYet: 'No matches yet',
  noneYetHint: 'Searches put what they find here.',
  filteredOut: (count: number) =>
    count === 1 ? 'The only match does not fit these filters' : `0 of ${count} matches fit these filters`,
  position: (position: number, total: string) => `Match ${position} of ${total}`,
  openViewer: 'Open viewer',
  aCopyIn: (count: number) => (count === 1 ? 'A copy in one passage' : `A copy in ${count} passages`),
  /** The end of a sentence: what was done to the copy, if anything was. */
  changed: (parts: readonly string[]) => (parts.length === 0 ? '.' : `: ${parts.join('; ')}.`),
  ofQuery: (percent: number) => `${percent} % of`,
  isIn: 'is in',
  resembles: 'resembles',
  skip: 'Skip',
  reason: 'With a reason',
  autoAdvance: 'Go to the next after a decision',
  select: (name: string) => `Select ${name}`,
  selected: (count: string) => `${count} selected`,
  selectAll: (count: string) => `Select all ${count}`,
  clearSelection: 'Clear',
  decideMany: (count: string) => (count === '1' ? 'Decide 1 match?' : `Decide ${count} matches?`),
  decideManyHint: 'All of them are decided at once. One undo takes all of it back.',
  cancel: 'Cancel',
  decided: {
    confirmed: (name: string) => `Confirmed: ${name}`,
    dismissed: (name: string) => `Not a match: ${name}`,
    open: (name: string) => `Open again: ${name}`,
  },
  decidedMany: {
    confirmed: (count: number) => `Confirmed ${count} matches`,
    dismissed: (count: number) => `Dismissed ${count} matches`,
  },
  undone: (count: number) => (count === 1 ? 'Undone' : `Undone: ${count} matches`),
  nothingToUndo: 'There is nothing to undo.',
  found: (count: string) => (count === '1' ? '1 match' : `${count} matches`),
  playHere: 'Play the passage here',
  pick: 'Select',
  pickPage: 'Select this page',
  extendDown: 'Select downwards',
  extendUp: 'Select upwards',
  sameReference: 'Same reference',
  asOne: 'as one match',
  onThisPage: 'On this page, by reference:',
  onePassage: (count: number) => `${count} open matches are one passage:`,
  seeThem: 'See them',
  ignore: {
    open: 'Ignore everywhere…',
    short: 'Ignore passage',
    passage: (number: number) => `Ignore passage ${number} everywhere…`,
    title: (range: string, name: string) => `Ignore ${range} of ${name}?`,
    key: 'Ignore this passage',
    where: 'Where to ignore it',
    everywhere: 'Wherever this passage appears in the library',
    everywhereHint: 'Found by its fingerprint in stored videos and in queries',
    alsoIn: (count: number, text: string) =>
      count === 0
        ? 'No other stored video holds it'
        : count === 1
          ? '1 other stored video holds it'
          : `${text} other stored videos hold it`,
    onlyHere: 'Only in this stored video',
    looking: 'Looking it up in the library…',
    effects: {
      hidden: (count: number): string => (count === 1 ? 'open match is hidden' : 'open matches are hidden'),
      shortened: (count: number): string =>
        count === 1 ? 'open match loses this passage and stays' : 'open matches lose this passage and stay',
      confirmedKept: (count: number): string =>
        count === 1 ? 'confirmed match stays as it is' : 'confirmed matches stay as they are',
    },
    note: 'Note (optional)',
    restorable: 'You can restore it in the library, under “Ignored passages”.',
    ignore: 'Ignore',
    done: 'The passage is ignored',
  },
  ignoreInstead: 'Ignore the passage everywhere…',
  copyLink: 'Copy link to this match',
  morePassages: (count: string) => `${count} more`,
  note: 'Note',
  notes: (count: number) => (count === 1 ? '1 note' : `${count} notes`),
  noteHint: 'Enter saves it',
  noted: 'Note saved',
  findCopies: 'Find copies of the query',
  newer: (count: number) => `${count} new, show`,
  today: (decided: number, all: number) => `${decided} of ${all} today`,
  sumToday: (count: number, text: string) =>
    count === 1 ? '1 match decided today.' : `${text} matches decided today.`,
  seeDecisions: 'See the last decisions',
  seeNear: (count: number, text: string) => (count === 1 ? '1 near miss' : `${text} near misses`),
  stateNames: { open: 'Open', confirmed: 'Confirmed', dismissed: 'Not a match', near: 'Near miss' },
  decidedBy: (state: string, by: string | null) => (by === null ? state : `${state} by ${by}`),
  kept: (decision: string) => `${decision} (kept until the server is back)`,
  keptSent: (count: number) =>
    count === 1 ? '1 kept decision is saved' : `${count} kept decisions are saved`,
  refusedTitle: (count: number) =>
    count === 1 ? '1 decision could not be saved' : `${count} decisions could not be saved`,
  conflict: {
    title: 'Somebody decided before you',
    theirs: (by: string | null) => (by === null ? 'Saved decision' : `Decision of ${by}`),
    yours: 'Your decision',
    notSaved: 'not saved',
    keep: 'Keep the saved one',
    decideAnyway: 'Save mine instead',
  },
  export: {
    open: 'Export',
    what: (count: string) =>
      count === '1' ? '1 match with these filters' : `${count} matches with these filters`,
    tooMany: (most: string) => `A file holds at most ${most} matches. Filter the list.`,
    csv: 'CSV, a row per passage',
    json: 'JSON',
  },
  saidNext: ({ decided, left, query, reference, score, seconds, tracks }: Said) =>
    `${decided}. ${left} left. Next: ${query} in ${reference}, ${score}, ${seconds} seconds, ${tracks}`,
}
