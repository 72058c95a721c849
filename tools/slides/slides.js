// Mathematics between dollar signs, as in the lessons.
window.MathJax = {
  tex: { inlineMath: [["$", "$"]], displayMath: [["$$", "$$"]] },
  options: { enableMenu: false, skipHtmlTags: ["script", "style", "pre", "code"] },
};

// A slide that is higher or wider than the screen is set in smaller letters until it fits.
function fit() {
  const slide = Reveal.getCurrentSlide();
  const { width, height } = Reveal.getConfig();
  const blocks = [...slide.querySelectorAll("pre, .output, p, mjx-container")];
  for (let size = 26; size >= 13; size -= 0.5) {
    slide.style.fontSize = `${size}px`;
    const fits = blocks.every((block) => block.scrollWidth <= block.clientWidth + 1);
    if (slide.scrollHeight <= height && slide.scrollWidth <= width && fits) break;
  }
}

const deck = { width: 1280, height: 720, margin: 0, center: false, hash: true, slideNumber: "c/t" };
Reveal.initialize({ ...deck, transition: "none", plugins: [RevealNotes] });
Reveal.on("ready", fit);
Reveal.on("slidechanged", fit);
window.addEventListener("load", fit);
