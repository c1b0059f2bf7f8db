// <cell-grid> makes a table of inputs behave like a spreadsheet: arrows and Enter go from cell to cell, a
// block that was copied elsewhere is pasted over several, and cells that differ from what was there are marked.
customElements.define("cell-grid", class extends HTMLElement {
  connectedCallback() {
    this.addEventListener("input", (event) => this.mark(event.target))
    this.addEventListener("keydown", (event) => this.go(event))
    this.addEventListener("paste", (event) => this.paste(event))
    for (const cell of this.querySelectorAll("td input")) this.mark(cell)
  }
  rows() {
    return [...this.querySelectorAll("tbody tr")].map((row) => [...row.querySelectorAll("td input")])
  }
  mark(cell) {
    cell.classList.toggle("is-changed", cell.value !== cell.defaultValue)
  }
  go(event) {
    const step = { ArrowDown: 1, Enter: 1, ArrowUp: -1 }[event.key]
    if (!step || !event.target.matches("td input")) return
    event.preventDefault()
    const rows = this.rows(), at = rows.findIndex((row) => row.includes(event.target))
    rows[at + step]?.[rows[at].indexOf(event.target)]?.focus()
  }
  paste(event) {
    const text = event.clipboardData.getData("text").replace(/\r?\n$/, "")
    if (!/[\t\n]/.test(text)) return
    event.preventDefault()
    const rows = this.rows(), top = rows.findIndex((row) => row.includes(event.target))
    const left = rows[top]?.indexOf(event.target)
    text.split(/\r?\n/).forEach((line, down) => line.split("\t").forEach((value, right) => {
      const cell = rows[top + down]?.[left + right]
      if (cell) { cell.value = value; this.mark(cell) }
    }))
  }
})
