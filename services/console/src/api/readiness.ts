type Part = { readonly part: string; readonly message: string }
type Readiness = { readonly failing: readonly Part[]; readonly warnings: readonly Part[] }

/** What the server says about its parts. It answers 503 while one fails. */
export async function readReadiness(): Promise<Readiness> {
  const response = await fetch('/readyz', { cache: 'no-store' })
  return response.json()
}
