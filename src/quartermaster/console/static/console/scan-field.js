// <scan-field> keeps the field that a wedge scanner types into ready: focused, its text selected, a Tab at the end
// of a scan taken for Enter. A button or another field may have the focus as long as it wants it.
customElements.define("scan-field", class extends HTMLElement {
  connectedCallback() {
    this.input = this.querySelector("input")
    this.input.focus()
    this.input.select()
    this.ended = (event) => {
      if (event.key !== "Tab" || event.shiftKey || !this.input.value) return
      event.preventDefault()
      this.input.form.requestSubmit()
    }
    this.stray = (event) => {
      const idle = [document.body, null].includes(document.activeElement)
      if (idle && event.key.length === 1 && !event.ctrlKey && !event.metaKey) this.input.focus()
    }
    this.input.addEventListener("keydown", this.ended)
    document.addEventListener("keydown", this.stray)
  }

  disconnectedCallback() { document.removeEventListener("keydown", this.stray) }
})
