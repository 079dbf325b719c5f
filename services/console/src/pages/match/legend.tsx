/** What the colours mean, by the class of their sample. */
export function Legend({ names }: { readonly names: Readonly<Record<string, string>> }) {
  return (
    <div class="leg">
      {Object.entries(names).map(([sample, name]) => (
        <span key={sample}>
          <i class={sample} />
          {name}
        </span>
      ))}
    </div>
  )
}
