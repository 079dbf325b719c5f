/** Grey shapes in the size of a list, while its first page loads. */
export function TableShape() {
  return (
    <div class="card table-shape" aria-hidden="true">
      {[0, 1, 2, 3, 4, 5].map((row) => (
        <div key={row} class="shape" />
      ))}
    </div>
  )
}
