// <quick-keys>: presses what carries data-key. "g o" is a chord; a field is focused, all else is clicked.
// Inert while typing, with a modifier held, in a dialog, and when this browser has single keys switched off.
const CHORD_MS = 1200

customElements.define("quick-keys", class extends HTMLElement {
  connectedCallback() {
    this.first = ""
    document.addEventListener("keydown", this)
  }

  disconnectedCallback() { document.removeEventListener("keydown", this) }

  handleEvent(event) {
    if (document.documentElement.dataset.keys === "off") return
    if (event.defaultPrevented || event.repeat || event.ctrlKey || event.metaKey || event.altKey) return
    if (document.querySelector("dialog[open]")) return
    if (event.target.closest("input, textarea, select, [contenteditable]")) return
    const keys = this.first ? `${this.first} ${event.key}` : event.key
    clearTimeout(this.timer)
    this.first = ""
    const found = document.querySelector(`[data-key="${CSS.escape(keys)}"]`)
    if (found) {
      event.preventDefault()
      found.matches("input, select") ? (found.focus(), found.select?.()) : found.click()
    } else if (document.querySelector(`[data-key^="${CSS.escape(keys)} "]`)) {
      this.first = keys
      this.timer = setTimeout(() => (this.first = ""), CHORD_MS)
    }
  }
})
