// The filter of a table answers while it is typed: the same address, only without the wait.
const PAUSE_MS = 250;
let pause;
let asked;

const show = async (form) => {
  const address = new URL(form.action);
  address.search = new URLSearchParams(new FormData(form)).toString();
  address.hash = "";
  asked?.abort();
  asked = new AbortController();
  try {
    const answer = await fetch(address, { signal: asked.signal });
    if (!answer.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    for (const part of [".count", ".scroll, .empty", ".bar > .tools"]) {
      const old = form.closest(".table").querySelector(part);
      const fresh = page.querySelector("#table")?.querySelector(part);
      if (old && fresh) old.replaceWith(fresh);
    }
    history.replaceState(null, "", address);
  } catch (error) {
    if (error.name !== "AbortError") form.submit();
  }
};

document.querySelector("form.filter")?.addEventListener("input", (event) => {
  clearTimeout(pause);
  pause = setTimeout(() => show(event.target.form), PAUSE_MS);
});
