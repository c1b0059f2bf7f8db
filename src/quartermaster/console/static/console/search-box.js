// <search-box>: Ctrl-K or Cmd-K from anywhere. What is typed is looked up, and among the commands of this page:
// whatever carries data-key and says what it does. Arrows walk through both, Escape goes back.
customElements.define("search-box", class extends HTMLElement {
  connectedCallback() {
    this.input = this.querySelector("input")
    this.boxes = [...this.querySelectorAll("[role=listbox]")]
    this.shortcut = (event) => {
      if (event.key.toLowerCase() !== "k" || !(event.ctrlKey || event.metaKey)) return
      event.preventDefault()
      if (!this.contains(document.activeElement)) this.before = document.activeElement
      this.input.focus()
      this.input.select()
      this.offer()
    }
    document.addEventListener("keydown", this.shortcut)
    this.addEventListener("keydown", (event) => this.walk(event))
    this.input.addEventListener("input", () => this.offer())
    this.addEventListener("htmx:afterSwap", () => this.tell())
    this.addEventListener("focusout", (event) => !this.contains(event.relatedTarget) && this.close())
  }

  disconnectedCallback() { document.removeEventListener("keydown", this.shortcut) }

  get options() { return this.boxes.flatMap((box) => [...box.querySelectorAll("[role=option]")]) }

  tell() { this.input.ariaExpanded = String(this.options.length > 0) }

  offer() {
    const words = this.input.value.toLowerCase().split(/\s+/)
    const known = [...document.querySelectorAll("[data-key][data-says]:not(input)")]
    const fits = known.filter((each) => words.every((word) => each.dataset.says.toLowerCase().includes(word)))
    const few = fits.sort((a, b) => a.dataset.key.length - b.dataset.key.length).slice(0, 7)
    this.boxes.at(-1).replaceChildren(...few.map((each) => this.command(each)))
    this.tell()
  }

  command(of) {
    const option = Object.assign(document.createElement("button"), { type: "button", tabIndex: -1, role: "option" })
    const key = Object.assign(document.createElement("kbd"), { textContent: of.dataset.key, className: "end" })
    option.append(of.dataset.says, key)
    option.addEventListener("click", () => (this.close(), of.click()))
    return option
  }

  close() {
    for (const box of this.boxes) box.replaceChildren()
    this.tell()
  }

  walk(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    const stops = [this.input, ...this.options]
    if (event.key === "Escape") (this.close(), (this.before ?? this.input).focus())
    if (event.key === "Enter" && event.target === this.input && !this.input.value.trim()) event.preventDefault()
    if (!step || stops.length < 2) return
    event.preventDefault()
    stops.at((stops.indexOf(document.activeElement) + step) % stops.length).focus()
  }
})
