/** The letter after `G` that opens a page, by the path of its navigation entry. */
export const pageLetters: Readonly<Record<string, string>> = {
  '/console/overview': 'O',
  '/console/matches': 'M',
  '/console/search': 'S',
  '/console/libraries': 'L',
  '/console/compare': 'C',
  '/console/jobs': 'J',
  '/console/queue': 'Q',
  '/console/usage': 'U',
  '/console/keys': 'K',
}
