const MARK = 'kinoprint-try'

/** Whether this browser started a run: asking for one that does not exist would log an error. */
export function isTryKnown(): boolean {
  try {
    return localStorage.getItem(MARK) !== null
  } catch {
    // Storage is blocked: the run is shown until the page is left.
    return false
  }
}

export function rememberTry(isStarted: boolean): void {
  try {
    if (isStarted) localStorage.setItem(MARK, '1')
    else localStorage.removeItem(MARK)
  } catch {
    // Storage is blocked.
  }
}
