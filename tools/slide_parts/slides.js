// Mathematics between dollar signs, as in the lessons.
window.MathJax = {
  tex: { inlineMath: [["$", "$"]], displayMath: [["$$", "$$"]] },
  options: { enableMenu: false, skipHtmlTags: ["script", "style", "pre", "code"] },
};

// A slide that is higher or wider than the screen gets a smaller figure, then smaller letters.
async function fit() {
  const slide = Reveal.getCurrentSlide();
  await Promise.all([...slide.querySelectorAll("img")].map((image) => image.decode()));
  const { width, height } = Reveal.getConfig();
  const blocks = [...slide.querySelectorAll("pre, .output, p, mjx-container")];
  const fits = () =>
    slide.scrollHeight <= height &&
    slide.scrollWidth <= width &&
    blocks.every((block) => block.scrollWidth <= block.clientWidth + 1);
  for (let size = 26; size >= 13; size -= 0.5) {
    slide.style.fontSize = `${size}px`;
    for (let figure = 20; figure >= 15; figure -= 0.5) {
      slide.style.setProperty("--figure", `${figure}em`);
      if (fits()) return;
    }
  }
}

const deck = { width: 1280, height: 720, margin: 0, center: false, hash: true, slideNumber: "c/t" };
Reveal.initialize({ ...deck, transition: "none", plugins: [RevealNotes] });
Reveal.on("ready", fit);
Reveal.on("slidechanged", fit);
window.addEventListener("load", fit);
