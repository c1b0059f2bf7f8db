// <scan-queue> keeps each scan until the server has answered it, and sends them in their order. Each has an id of its
// own, so sending one again is heard once, and says who made it, so that it stays theirs when somebody else is in by
// then. Each is kept under a key of its own: two tabs never overwrite one another, and it outlives a reload.
const KEPT = "qm-scan:", AGAIN_MS = 1500
// crypto.randomUUID needs HTTPS, and a scanner on the hall's own network may not have it.
const newId = () => "10000000-1000-4000-8000-100000000000".replace(/[018]/g, (digit) =>
  (digit ^ (crypto.getRandomValues(new Uint8Array(1))[0] & (15 >> (digit / 4)))).toString(16))

customElements.define("scan-queue", class extends HTMLElement {
  connectedCallback() {
    this.line = this.appendChild(Object.assign(document.createElement("p"), { role: "status" }))
    this.made = 0
    this.flush = () => this.send()
    addEventListener("online", this.flush)
    this.send()
  }

  disconnectedCallback() { removeEventListener("online", this.flush), clearTimeout(this.later) }

  get keys() { return Object.keys(localStorage).filter((key) => key.startsWith(KEPT)).sort() }

  say(what) {
    const count = this.keys.length
    this.line.textContent = `${what} ${count} scan${count === 1 ? "" : "s"} waiting, all safe.`
  }

  keep(made) {
    const scan = { ...made, id: newId(), at: new Date().toISOString(), who: this.dataset.who || "" }
    localStorage.setItem(`${KEPT}${scan.at}:${String(this.made++).padStart(6, "0")}:${scan.id}`, JSON.stringify(scan))
    this.send()
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
      this.say(`${problem.says || "Offline"}:`)
      this.later = setTimeout(this.flush, AGAIN_MS)
    }
    this.busy = false
    if (!this.line.textContent && this.keys.length) this.send()
  }

  async hear(key, waited) {
    const scan = JSON.parse(localStorage.getItem(key) || "null")
    if (!scan) return // another tab has it answered
    const body = new URLSearchParams([...scan.fields, ["id", scan.id], ["at", scan.at], ["who", scan.who],
      ["csrfmiddlewaretoken", document.querySelector("[name=csrfmiddlewaretoken]").value]])
    const answer = await fetch(scan.to, { method: "POST", body, redirect: "manual" })
    if (answer.type === "opaqueredirect") throw { says: "Sign in again" }
    if (answer.status === 403) throw { says: "Not heard from who is signed in" }
    if (answer.status >= 500) throw { says: "The server does not answer" }
    const page = new DOMParser().parseFromString(await answer.text(), "text/html")
    localStorage.removeItem(key)
    document.dispatchEvent(new CustomEvent("scan-heard", { detail: { page, scan, waited, isRight: answer.ok } }))
  }
})
