import { showToast } from './toast.tsx'

/** Runs a change; what it throws is shown as a toast. Resolves to whether it succeeded. */
export async function act(change: () => Promise<unknown>, done?: string): Promise<boolean> {
  try {
    await change()
    if (done !== undefined) showToast({ text: done })
    return true
  } catch (thrown) {
    showToast({ text: thrown instanceof Error ? thrown.message : String(thrown) })
    return false
  }
}
