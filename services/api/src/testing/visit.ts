/** Cookies by origin and name, as a browser keeps them. */
export type CookieJar = Map<string, Map<string, string>>

const REDIRECTS_MAX = 12

/**
 * Opens an address as a browser does: keeps cookies and follows redirects, until `stop` matches an address. Resolves to
 * the last address, which is not opened if it matches.
 */
export async function visit(
  start: string,
  { jar, stop }: { readonly jar: CookieJar; readonly stop: RegExp },
): Promise<URL> {
  let url = new URL(start)
  for (let redirects = 0; redirects < REDIRECTS_MAX; redirects++) {
    if (stop.test(url.href)) return url
    const cookies = [...(jar.get(url.origin) ?? [])].map(([name, value]) => `${name}=${value}`).join('; ')
    const response = await fetch(url, { redirect: 'manual', headers: { cookie: cookies } })
    await response.body?.cancel()
    for (const written of response.headers.getSetCookie()) keep(jar, url.origin, written)
    const location = response.headers.get('location')
    if (location === null) return url
    url = new URL(location, url)
  }
  throw new Error(`${start} redirects without end; the last address is ${url.href}`)
}

function keep(jar: CookieJar, origin: string, written: string): void {
  const [pair = '', ...attributes] = written.split(';')
  const at = pair.indexOf('=')
  const cookies = jar.get(origin) ?? new Map<string, string>()
  const isGone = attributes.some((one) => /^\s*(?:max-age=0|expires=thu, 01 jan 1970)/i.test(one))
  if (isGone) cookies.delete(pair.slice(0, at))
  else cookies.set(pair.slice(0, at), pair.slice(at + 1))
  jar.set(origin, cookies)
}
