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
});
