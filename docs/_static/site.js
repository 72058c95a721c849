// Names for parts of the page that are read aloud, where the theme has none or another than it shows.
document.addEventListener("DOMContentLoaded", () => {
  for (const button of document.querySelectorAll(".search-button-field")) {
    button.setAttribute("aria-label", button.textContent.trim().replace(/\s+/g, " "));
  }
  for (const summary of document.querySelectorAll(".bd-sidebar-primary summary")) {
    const link = summary.closest("li").querySelector("a");
    summary.setAttribute("aria-label", `Pages below ${link.textContent.trim()}`);
  }
  const home = document.querySelector(".bd-sidebar-primary .navbar-brand");
  home?.parentElement.setAttribute("role", "navigation");
  home?.parentElement.setAttribute("aria-label", "Home");
  // Long names may break after a dot.
  for (const name of document.querySelectorAll(".bd-article code .pre, .sig-prename .pre")) {
    name.innerHTML = name.innerHTML.replaceAll(".", ".<wbr>");
  }
});

// The theme's menu closes at Escape only while its button has the focus, which a click doesn't give.
window.addEventListener("keydown", (event) => {
  if (event.key === "Escape") document.querySelector(".theme-switch-button.show")?.click();
});
