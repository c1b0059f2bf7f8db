// <scanner-test> notes every key a scanner presses, control keys and times included, and hands them in when Enter or
// Tab came, or when nothing came for a second.
customElements.define("scanner-test", class extends HTMLElement {
  connectedCallback() {
    this.input = this.querySelector("input")
    this.keys = []
    this.input.addEventListener("keydown", (event) => this.note(event))
    this.input.focus()
  }

  disconnectedCallback() { clearTimeout(this.timer) }

  note(event) {
    clearTimeout(this.timer)
    const ends = event.key === "Enter" || event.key === "Tab"
    if (ends && this.keys.length) {
      event.preventDefault()
      return this.hand(event.key)
    }
    if (event.key.length === 1) {
      const control = event.ctrlKey && !event.altKey
      const sign = control ? String.fromCharCode(event.key.toUpperCase().charCodeAt(0) & 31) : event.key
      if (control) event.preventDefault()
      this.keys.push([sign, event.timeStamp])
    }
    if (this.keys.length) this.timer = setTimeout(() => this.hand(""), 1000)
  }

  hand(endedBy) {
    const form = this.closest("form"), first = this.keys[0][1], last = this.keys.at(-1)[1]
    const told = { got: this.keys.map(([sign]) => sign).join(""), ended_by: endedBy,
      gap_ms: Math.round((last - first) / Math.max(1, this.keys.length - 1)) }
    for (const [name, value] of Object.entries(told)) form.elements[name].value = value
    form.submit()
  }
})
