"use strict";
const WIDTH = 480;
const cards = [...document.querySelectorAll("article")];
for (const card of cards) {
  const audio = card.querySelector("audio"), line = card.querySelector(".playhead");
  const follow = () => {
    line.setAttribute("transform", `translate(${WIDTH * audio.currentTime / (audio.duration || 1)} 0)`);
    if (!audio.paused) requestAnimationFrame(follow);
  };
  audio.addEventListener("play", () => {
    for (const other of cards) if (other !== card) other.querySelector("audio").pause();
    card.classList.add("playing");
    follow();
  });
  audio.addEventListener("pause", () => card.classList.remove("playing"));
  card.querySelector("svg").addEventListener("click", () => {
    audio.currentTime = 0;
    if (audio.paused) audio.play(); else audio.pause();
  });
}
