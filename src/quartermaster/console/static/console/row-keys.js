// <row-keys>: j and k walk through the rows inside, o opens the row in a new tab, Enter is the link's own.
customElements.define("row-keys", class extends HTMLElement {
  connectedCallback() {
    this.press = (event) => this.pressed(event)
    document.addEventListener("keydown", this.press)
  }

  disconnectedCallback() {
    document.removeEventListener("keydown", this.press)
  }

  pressed(event) {
    if (document.documentElement.dataset.keys === "off") return
    if (event.ctrlKey || event.metaKey || event.altKey) return
    if (event.target.closest("input, textarea, select, dialog")) return
    const rows = [...this.querySelectorAll("a[data-row]")]
    const at = rows.indexOf(document.activeElement)
    const to = { j: at + 1, k: at < 0 ? rows.length - 1 : at - 1 }[event.key]
    if (to !== undefined && rows[to]) {
      event.preventDefault()
      rows[to].focus({ preventScroll: true })
      rows[to].closest("tr").scrollIntoView({ block: "nearest" })
    } else if (event.key === "o" && at >= 0) {
      window.open(rows[at].href, "_blank", "noopener")
    }
  }
})
