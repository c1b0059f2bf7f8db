// <scan-take> hands every scan of a form with data-queue to <scan-queue>; the form is ready for the next at once. One
// that wants several scans gets them one after the other. A badge is no scan: the form inside asks for its PIN.
const SCANNED = "[data-scan], [data-lines], scan-field input"
const KINDS = ["submit", "keydown"], BADGE = /^\s*QMB[0-9A-Z]{20}\s*$/i

customElements.define("scan-take", class extends HTMLElement {
  connectedCallback() { for (const kind of KINDS) document.addEventListener(kind, this) }

  disconnectedCallback() { for (const kind of KINDS) document.removeEventListener(kind, this) }

  handleEvent(event) { event.type === "submit" ? this.take(event) : this.next(event) }

  take(event) {
    const form = event.target, field = form.querySelector(SCANNED), queue = document.querySelector("scan-queue")
    if (field && field.name !== "badge" && BADGE.test(field.value)) return this.change(event, field.value.trim())
    const photo = [...form.querySelectorAll("input[type=file]")].some((one) => one.files.length)
    if (!form.dataset.queue || photo) {
      if (navigator.onLine) return
      event.preventDefault()
      return queue.say("Offline: this needs the network.")
    }
    event.preventDefault()
    const fields = [...new FormData(form, event.submitter)].filter(([name]) => !["csrfmiddlewaretoken", "id"].includes(name))
      .map(([name, value]) => [name, typeof value === "string" ? value.trim() : ""])
    const scans = [...form.querySelectorAll(SCANNED)], text = scans.map((one) => one.value.trim()).join(" ")
    if (!text.trim()) return
    form.reset()
    for (const one of scans) one.value = ""
    scans[0].focus()
    queue.keep({ to: form.dataset.queue, fields, text })
  }

  next(event) {
    if (event.key !== "Enter" || !event.target.matches("[data-scan]") || !event.target.value) return
    const empty = [...event.target.form.querySelectorAll("[data-scan]")].find((one) => !one.value)
    if (!empty) return
    event.preventDefault()
    empty.focus()
  }

  change(event, code) {
    event.preventDefault()
    const form = this.querySelector("form")
    form.elements.badge.value = code
    form.submit()
  }
})
