/** The name of an object. When too long it is cut in front of its last part; the title has all of it. */
export function ObjectName({ name, href }: { readonly name: string; readonly href?: string }) {
  const cut = name.lastIndexOf('/') + 1
  const parts = (
    <>
      {cut > 0 && <span class="oname-folder">{name.slice(0, cut)}</span>}
      <span class="oname-last">{name.slice(cut) || name}</span>
    </>
  )
  if (href === undefined) {
    return (
      <span class="oname" title={name} dir="auto" translate={false}>
        {parts}
      </span>
    )
  }
  return (
    <a class="oname" href={href} title={name} dir="auto" translate={false}>
      {parts}
    </a>
  )
}
