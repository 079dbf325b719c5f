import { signal } from '@preact/signals'

type ShellDialog = 'keys' | 'goTo'

const current = signal<ShellDialog | null>(null)

/** Opens a dialog of the shell, from a key or from its button. */
export const openDialog = Object.assign(
  (dialog: ShellDialog) => {
    current.value = dialog
  },
  {
    current,
    close: () => {
      current.value = null
    },
  },
)
