// <key-help>: "?" opens the dialog inside and lists the keys that work on this very page, read from the page.
customElements.define("key-help", class extends HTMLElement {
  connectedCallback() {
    this.dialog = this.querySelector("dialog")
    this.link = this.querySelector("a")
    this.link.addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey) return
      event.preventDefault()
      this.list()
      this.dialog.showModal()
    })
    this.dialog.addEventListener("click", (event) => event.target === this.dialog && this.dialog.close())
  }

  make(tag, textContent) {
    return Object.assign(document.createElement(tag), { textContent })
  }

  list() {
    const keys = new Map()
    for (const found of document.querySelectorAll("[data-key]")) {
      keys.set(found.dataset.key, found.dataset.says ?? found.textContent.trim())
    }
    for (const said of document.querySelectorAll("[data-keys-say]")) {
      for (const line of said.dataset.keysSay.split("; ")) keys.set(...line.split(": "))
    }
    this.dialog.querySelector("dl").replaceChildren(...[...keys].flatMap(([key, says]) => {
      const term = document.createElement("dt")
      term.append(...key.split(" ").map((each) => this.make("kbd", each)))
      return [term, this.make("dd", says)]
    }))
  }
})
