import { useState } from 'preact/hooks'

/** Takes one file that is dropped on an element. `zone` goes on the element; `isOver` tells that a file is over it. */
export function useFileDrop(take: (file: File | undefined) => void) {
  const [isOver, setOver] = useState(false)
  const zone = {
    onDragOver: (event: DragEvent) => {
      event.preventDefault()
      setOver(true)
    },
    onDragLeave: () => setOver(false),
    onDrop: (event: DragEvent) => {
      event.preventDefault()
      setOver(false)
      take(event.dataTransfer?.files[0])
    },
  }
  return { isOver, zone }
}
