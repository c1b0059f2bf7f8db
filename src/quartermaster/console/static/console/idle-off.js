// <idle-off data-after="600"> signs off by its form when nobody touched or scanned anything for so many seconds: a
// shared device that lies about belongs to nobody. Scans that still wait stay in the device and keep their person.
customElements.define("idle-off", class extends HTMLElement {
  connectedCallback() {
    for (const kind of ["keydown", "pointerdown"]) document.addEventListener(kind, this)
    this.handleEvent()
  }

  disconnectedCallback() {
    clearTimeout(this.timer)
    for (const kind of ["keydown", "pointerdown"]) document.removeEventListener(kind, this)
  }

  handleEvent() {
    clearTimeout(this.timer)
    this.timer = setTimeout(() => this.leave(), Number(this.dataset.after) * 1000)
  }

  leave() { this.querySelector("form").requestSubmit(this.querySelector("[name=because]")) }
})
