// <row-keys>: j and k walk through the rows inside, x chooses the row, * all of them or none, o opens it in a
// new tab, Enter is the link's own.
customElements.define("row-keys", class extends HTMLElement {
  connectedCallback() { document.addEventListener("keydown", this) }

  disconnectedCallback() { document.removeEventListener("keydown", this) }

  handleEvent(event) {
    if (document.documentElement.dataset.keys === "off") return
    if (event.ctrlKey || event.metaKey || event.altKey) return
    if (event.target.closest("input:not([type=checkbox]), textarea, select, dialog")) return
    const rows = [...this.querySelectorAll("a[data-row]")]
    const within = document.activeElement.closest("tr, li")
    const at = rows.findIndex((row) => row.closest("tr, li") === within)
    const to = { j: at + 1, k: at < 0 ? rows.length - 1 : at - 1 }[event.key]
    if (to !== undefined && rows[to]) {
      event.preventDefault()
      rows[to].focus({ preventScroll: true })
      rows[to].closest("tr, li").scrollIntoView({ block: "nearest" })
    } else if (event.key === "x" && at >= 0) {
      rows[at].closest("tr, li").querySelector("input[type=checkbox]")?.click()
    } else if (event.key === "*") {
      const boxes = [...this.querySelectorAll(".pick input")]
      const isAll = boxes.every((box) => box.checked)
      for (const box of boxes) box.checked = !isAll
    } else if (event.key === "o" && at >= 0) {
      window.open(rows[at].href, "_blank", "noopener")
    }
  }
})
