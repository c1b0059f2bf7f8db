// <search-box>: Ctrl-K or Cmd-K from anywhere; arrows walk through what was found, Escape goes back.
customElements.define("search-box", class extends HTMLElement {
  connectedCallback() {
    this.input = this.querySelector("input")
    this.found = this.querySelector("[role=listbox]")
    this.shortcut = (event) => {
      if (event.key.toLowerCase() !== "k" || !(event.ctrlKey || event.metaKey)) return
      event.preventDefault()
      this.before = document.activeElement
      this.input.focus()
      this.input.select()
    }
    document.addEventListener("keydown", this.shortcut)
    this.addEventListener("keydown", (event) => this.walk(event))
    this.addEventListener("htmx:afterSwap", () => (this.input.ariaExpanded = this.links.length > 0))
    this.addEventListener("focusout", (event) => !this.contains(event.relatedTarget) && this.close())
  }

  disconnectedCallback() {
    document.removeEventListener("keydown", this.shortcut)
  }

  get links() { return [...this.found.querySelectorAll("a")] }

  close() {
    this.found.replaceChildren()
    this.input.ariaExpanded = "false"
  }

  walk(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    const stops = [this.input, ...this.links]
    if (event.key === "Escape") (this.close(), (this.before ?? this.input).focus())
    if (!step || stops.length < 2) return
    event.preventDefault()
    stops.at((stops.indexOf(document.activeElement) + step) % stops.length).focus()
  }
})
