import { messages } from '../messages/messages.ts'
import { Dialog } from '../parts/dialog.tsx'
import { preferences, setPreference } from '../preferences.ts'
import { layers } from './keys.ts'

const symbols: Readonly<Record<string, string>> = {
  ArrowDown: '↓',
  ArrowUp: '↑',
  ArrowLeft: '←',
  ArrowRight: '→',
  Ctrl: /Mac|iPhone|iPad/.test(navigator.userAgent) ? '⌘' : 'Ctrl',
  Escape: 'Esc',
}

/** One key combination, drawn as keys. */
function KeyCombination({ name }: { readonly name: string }) {
  return (
    <span class="row g4 nw">
      {name.split(/(?<=\w)[+ ]/).map((part) => (
        <kbd key={part}>{symbols[part] ?? part}</kbd>
      ))}
    </span>
  )
}

/** Every key that works on this page. */
export default function KeysDialog({ onClose }: { readonly onClose: () => void }) {
  const texts = messages.value.parts
  return (
    <Dialog title={texts.keysTitle} onClose={onClose} size="l">
      <div class="dialog-body">
        <label class="row">
          <input
            type="checkbox"
            checked={preferences.value.singleKeys}
            onChange={(event) => setPreference('singleKeys', event.currentTarget.checked)}
          />
          {texts.singleKeys}
        </label>
        {layers.value.map((layer) => (
          <section key={layer.title}>
            <h3>{layer.title}</h3>
            <dl class="keys">
              {layer.bindings().map(({ keys, label }) => (
                <div key={label}>
                  <dt>{label}</dt>
                  <dd class="row">
                    {keys.map((name) => (
                      <KeyCombination key={name} name={name} />
                    ))}
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  )
}
