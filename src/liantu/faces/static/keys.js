// Keys of every page: "/" goes to search, "?" shows the list; both can be turned off.
const dialog = document.getElementById("keys");
const off = document.getElementById("keys-off");
const stored = () => {
  try {
    return localStorage.getItem("keys") === "off";
  } catch {
    return false;
  }
};
off.checked = stored();
off.addEventListener("change", () => {
  try {
    localStorage.setItem("keys", off.checked ? "off" : "on");
  } catch {
    // Without storage the choice holds for this page.
  }
});

const writing = (target) => target.closest("input, select, textarea, [contenteditable]");

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || off.checked) return;
  if (writing(event.target)) return;
  if (event.key === "/") {
    event.preventDefault();
    document.getElementById("search").select();
  } else if (event.key === "?") {
    dialog.open ? dialog.close() : dialog.showModal();
  }
});

// What is printed is printed whole, but for the SQL.
addEventListener("beforeprint", () => {
  for (const part of document.querySelectorAll("details:not(.menu, .sql, .numbers)")) part.open = true;
});

// Blank controls leave the address short.
for (const form of document.querySelectorAll("form.ask[method=get]")) {
  form.addEventListener("formdata", (event) => {
    for (const [name, value] of [...event.formData]) {
      const control = form.elements[name];
      if (value === "" && !(control && control.defaultValue)) event.formData.delete(name);
    }
  });
}
