import { CircleAlert } from 'lucide'
import { Icon } from './icon.tsx'

/** Why something failed, read out at once; nothing if the text is empty. */
export function Problem({ text }: { readonly text: string }) {
  if (text === '') return null
  return (
    <p class="err" role="alert">
      <Icon of={CircleAlert} /> {text}
    </p>
  )
}
