// <scan-queue> takes every scan of a form with data-queue, keeps it until the server has answered it, and sends them
// in their order. Each has an id of its own, so sending one again is heard once. Kept scans outlive a reload.
const KEY = "qm-scans", AGAIN_MS = 1500
// crypto.randomUUID needs HTTPS, and a scanner on the hall's own network may not have it.
const newId = () => "10000000-1000-4000-8000-100000000000".replace(/[018]/g, (digit) =>
  (digit ^ (crypto.getRandomValues(new Uint8Array(1))[0] & (15 >> (digit / 4)))).toString(16))

customElements.define("scan-queue", class extends HTMLElement {
  connectedCallback() {
    this.line = this.appendChild(document.createElement("p"))
    this.line.setAttribute("role", "status")
    this.take = (event) => {
      const form = event.target
      if (!form.dataset.queue) return
      event.preventDefault()
      const text = form.elements.scan.value.trim()
      form.elements.scan.value = ""
      if (!text) return
      this.scans = [...this.scans, { id: newId(), to: form.dataset.queue, text, at: new Date().toISOString() }]
      this.send()
    }
    this.flush = () => this.send()
    document.addEventListener("submit", this.take)
    addEventListener("online", this.flush)
    this.send()
  }

  disconnectedCallback() {
    document.removeEventListener("submit", this.take)
    removeEventListener("online", this.flush)
    clearTimeout(this.later)
  }
  get scans() { return JSON.parse(localStorage.getItem(KEY) || "[]") }
  set scans(left) { localStorage.setItem(KEY, JSON.stringify(left)) }

  async send() {
    clearTimeout(this.later)
    if (this.busy) return
    this.busy = true
    const waited = this.line.textContent !== ""
    try {
      for (let [scan] = this.scans; scan; [scan] = this.scans) await this.hear(scan, waited)
      this.line.textContent = ""
    } catch (problem) {
      const count = this.scans.length
      this.line.textContent = `${problem.says || "Offline"}: ${count} scan${count === 1 ? "" : "s"} waiting, all safe.`
      this.later = setTimeout(this.flush, AGAIN_MS)
    }
    this.busy = false
    if (!this.line.textContent && this.scans.length) this.send()
  }

  async hear(scan, waited) {
    const token = document.querySelector("[name=csrfmiddlewaretoken]")?.value || ""
    const body = new URLSearchParams({ id: scan.id, scan: scan.text, at: scan.at, csrfmiddlewaretoken: token })
    const answer = await fetch(scan.to, { method: "POST", body, redirect: "manual" })
    if (answer.type === "opaqueredirect") throw { says: "Sign in again" }
    if (answer.status >= 500 || answer.status === 403) throw { says: "The server does not answer" }
    const page = new DOMParser().parseFromString(await answer.text(), "text/html")
    this.scans = this.scans.filter((one) => one.id !== scan.id)
    document.dispatchEvent(new CustomEvent("scan-heard", { detail: { page, scan, waited, isRight: answer.ok } }))
  }
})
