// <scan-queue> takes every scan of a form with data-queue, keeps it until the server has answered it, and sends them
// in their order. Each has an id of its own, so sending one again is heard once, and says who made it, so that it stays
// theirs when somebody else is in by then. Each is kept under a key of its own: two tabs never overwrite one another,
// and what is kept outlives a reload. A badge is no scan: it asks for its PIN.
const SCANNED = "[data-scan], [data-lines], scan-field input"
const KEPT = "qm-scan:", AGAIN_MS = 1500, BADGE = /^\s*QMB[0-9A-Z]{20}\s*$/i
// crypto.randomUUID needs HTTPS, and a scanner on the hall's own network may not have it.
const newId = () => "10000000-1000-4000-8000-100000000000".replace(/[018]/g, (digit) =>
  (digit ^ (crypto.getRandomValues(new Uint8Array(1))[0] & (15 >> (digit / 4)))).toString(16))

customElements.define("scan-queue", class extends HTMLElement {
  connectedCallback() {
    this.line = this.appendChild(document.createElement("p"))
    this.line.setAttribute("role", "status")
    this.made = 0
    this.take = (event) => this.taken(event)
    this.flush = () => this.send()
    this.next = (event) => this.nextField(event)
    document.addEventListener("submit", this.take)
    document.addEventListener("keydown", this.next)
    addEventListener("online", this.flush)
    this.send()
  }

  disconnectedCallback() {
    document.removeEventListener("submit", this.take)
    document.removeEventListener("keydown", this.next)
    removeEventListener("online", this.flush)
    clearTimeout(this.later)
  }

  get keys() { return Object.keys(localStorage).filter((key) => key.startsWith(KEPT)).sort() }

  taken(event) {
    const form = event.target, field = form.querySelector(SCANNED)
    if (field && field.name !== "badge" && BADGE.test(field.value)) return this.change(event, field.value.trim())
    const photo = [...form.querySelectorAll("input[type=file]")].some((one) => one.files.length)
    if (!form.dataset.queue || photo) {
      if (navigator.onLine) return
      event.preventDefault()
      this.line.textContent = `Offline: this needs the network. ${this.waiting()}`
      return
    }
    event.preventDefault()
    const fields = [...new FormData(form, event.submitter)].filter(([name]) => !["csrfmiddlewaretoken", "id"].includes(name))
      .map(([name, value]) => [name, typeof value === "string" ? value.trim() : ""])
    const scans = [...form.querySelectorAll(SCANNED)], text = scans.map((one) => one.value.trim()).join(" ")
    if (!text.trim()) return
    form.reset()
    for (const one of scans) one.value = ""
    scans[0].focus()
    const at = new Date().toISOString(), who = this.dataset.who || ""
    const scan = { id: newId(), to: form.dataset.queue, fields, text, at, who }
    localStorage.setItem(`${KEPT}${at}:${String(this.made++).padStart(6, "0")}:${scan.id}`, JSON.stringify(scan))
    this.send()
  }

  // A form that wants several scans gets them one after the other.
  nextField(event) {
    if (event.key !== "Enter" || !event.target.matches("[data-scan]") || !event.target.value) return
    const empty = [...event.target.form.querySelectorAll("[data-scan]")].find((one) => !one.value)
    if (!empty) return
    event.preventDefault()
    empty.focus()
  }

  change(event, code) {
    event.preventDefault()
    const form = Object.assign(document.createElement("form"), { method: "post", action: "/floor/in" })
    for (const [name, value] of [["badge", code], ["csrfmiddlewaretoken", this.token]])
      form.append(Object.assign(document.createElement("input"), { type: "hidden", name, value }))
    document.body.append(form)
    form.submit()
  }

  get token() { return document.querySelector("[name=csrfmiddlewaretoken]")?.value || "" }

  waiting() {
    const count = this.keys.length
    return `${count} scan${count === 1 ? "" : "s"} waiting, all safe.`
  }

  async send() {
    clearTimeout(this.later)
    if (this.busy) return
    this.busy = true
    const waited = this.line.textContent !== ""
    try {
      for (let [key] = this.keys; key; [key] = this.keys) await this.hear(key, waited)
      this.line.textContent = ""
    } catch (problem) {
      this.line.textContent = `${problem.says || "Offline"}: ${this.waiting()}`
      this.later = setTimeout(this.flush, AGAIN_MS)
    }
    this.busy = false
    if (!this.line.textContent && this.keys.length) this.send()
  }

  async hear(key, waited) {
    const scan = JSON.parse(localStorage.getItem(key) || "null")
    if (!scan) return // another tab has it answered
    const body = new URLSearchParams([...scan.fields, ["id", scan.id], ["at", scan.at], ["who", scan.who],
      ["csrfmiddlewaretoken", this.token]])
    const answer = await fetch(scan.to, { method: "POST", body, redirect: "manual" })
    if (answer.type === "opaqueredirect") throw { says: "Sign in again" }
    if (answer.status === 403) throw { says: "Not heard from who is signed in" }
    if (answer.status >= 500) throw { says: "The server does not answer" }
    const page = new DOMParser().parseFromString(await answer.text(), "text/html")
    localStorage.removeItem(key)
    document.dispatchEvent(new CustomEvent("scan-heard", { detail: { page, scan, waited, isRight: answer.ok } }))
  }
})
