// <scan-sound> shows what a scan was answered and lets it be heard: right is short and high, wrong long and low with
// a shake, done two tones. Every sound has its twin on the page. Scans that waited and were refused stay in sight.
const MUTED = "qm-muted"
const TONES = { right: [[1320, 0.09]], wrong: [[150, 0.5]], done: [[880, 0.12], [1320, 0.2]] }

customElements.define("scan-sound", class extends HTMLElement {
  connectedCallback() {
    const button = Object.assign(document.createElement("button"), { className: "button quiet", type: "button" })
    this.button = this.appendChild(button)
    this.button.addEventListener("click", () => {
      localStorage.setItem(MUTED, this.isMuted ? "" : "1")
      this.label()
      this.play("right")
    })
    document.addEventListener("scan-heard", this)
    this.label()
  }

  disconnectedCallback() { document.removeEventListener("scan-heard", this) }

  get isMuted() { return Boolean(localStorage.getItem(MUTED)) }

  label() { this.button.textContent = this.isMuted ? "Sound is off" : "Sound is on" }

  handleEvent({ detail: { page, scan, waited, isRight } }) {
    const fresh = page.querySelector("main")
    const said = page.querySelector(".floor-said.is-wrong, [role=alert]")?.textContent.trim()
    if (!isRight && waited) this.remember(`${scan.text}: ${said || "could not be heard."}`)
    if (fresh) this.put(fresh)
    this.play(isRight ? (document.querySelector("[data-done]") ? "done" : "right") : "wrong")
  }

  // What somebody is typing or scanning meanwhile stays.
  put(fresh) {
    const { name, value } = document.activeElement?.matches("main input") ? document.activeElement : {}
    document.querySelector("main").replaceWith(document.adoptNode(fresh))
    const same = name && document.querySelector(`main input[name="${CSS.escape(name)}"]:not([type=hidden])`)
    if (same && value) Object.assign(same, { value }).focus()
    else document.querySelector("main [autofocus]")?.focus()
  }

  remember(sentence) {
    const textContent = `While you were offline, ${sentence}`
    const line = Object.assign(document.createElement("p"), { className: "is-wrong", role: "alert", textContent })
    document.querySelector("scan-queue").append(line)
  }

  play(name) {
    if (name === "wrong" && navigator.vibrate) navigator.vibrate(300)
    if (this.isMuted || !window.AudioContext) return
    this.audio ??= new AudioContext()
    let start = this.audio.currentTime
    for (const [pitch, length] of TONES[name]) {
      const tone = this.audio.createOscillator()
      tone.frequency.value = pitch
      tone.connect(this.audio.destination)
      tone.start(start)
      tone.stop(start += length)
    }
  }
})
