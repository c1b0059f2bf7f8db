// <copy-text>: a button that copies what is inside the element named by `from`, and says so.
customElements.define("copy-text", class extends HTMLElement {
  connectedCallback() {
    const button = this.querySelector("button")
    button.hidden = !navigator.clipboard
    button.addEventListener("click", async () => {
      const words = button.textContent
      await navigator.clipboard.writeText(document.getElementById(this.getAttribute("from")).textContent)
      button.textContent = "Copied"
      setTimeout(() => (button.textContent = words), 1600)
    })
  }
})
