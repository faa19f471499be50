// What the pages gain where JavaScript runs; every page works without it. See ../README.md.
import { createAll } from "govuk-frontend/dist/govuk/init.mjs";
import { Button } from "govuk-frontend/dist/govuk/components/button/button.mjs";
import { CharacterCount } from "govuk-frontend/dist/govuk/components/character-count/character-count.mjs";
import { ErrorSummary } from "govuk-frontend/dist/govuk/components/error-summary/error-summary.mjs";
import { ExitThisPage } from "govuk-frontend/dist/govuk/components/exit-this-page/exit-this-page.mjs";
import { NotificationBanner } from "govuk-frontend/dist/govuk/components/notification-banner/notification-banner.mjs";
import { ServiceNavigation } from "govuk-frontend/dist/govuk/components/service-navigation/service-navigation.mjs";
import { SkipLink } from "govuk-frontend/dist/govuk/components/skip-link/skip-link.mjs";

// The components look for these marks on the page; GOV.UK's own template sets them by an inline script, which our
// content security policy forbids.
document.body.classList.add("js-enabled", "govuk-frontend-supported");

for (const part of [Button, CharacterCount, ErrorSummary, ExitThisPage, NotificationBanner, ServiceNavigation, SkipLink]) {
  createAll(part);
}

// The simpler pages are read aloud where the browser has a voice: line by line, since a long text breaks off in some.
for (const button of "speechSynthesis" in window ? document.querySelectorAll("[data-heard-aloud]") : []) {
  const words = button.querySelector("span");
  const begin = words.textContent;
  const stop = () => { speechSynthesis.cancel(); words.textContent = begin; };
  button.hidden = false;
  button.addEventListener("click", () => {
    if (words.textContent !== begin) return stop();
    const lines = document.querySelector("main").innerText.split("\n").filter((line) => line.trim());
    words.textContent = button.dataset.heardStop;
    lines.forEach((line, n) => {
      const spoken = new SpeechSynthesisUtterance(line);
      spoken.lang = document.documentElement.lang === "en" ? "en-GB" : document.documentElement.lang;
      spoken.rate = 0.9;
      if (n === lines.length - 1) spoken.onend = () => { words.textContent = begin; };
      speechSynthesis.speak(spoken);
    });
  });
  window.addEventListener("pagehide", stop);
}

// Paper cannot be unfolded: what is folded is printed open, and folded again.
const unfolded = [];
window.addEventListener("beforeprint", () => {
  for (const fold of document.querySelectorAll("details:not([open])")) {
    fold.open = true;
    unfolded.push(fold);
  }
});
window.addEventListener("afterprint", () => {
  for (const fold of unfolded.splice(0)) fold.open = false;
});

// A page that can be printed says so only where a script can print it.
for (const button of document.querySelectorAll("[data-heard-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}

// A file that takes its time: what its page says is fetched again until it is ready, or went wrong.
const making = document.querySelector('[data-heard-making="on"]');
async function lookAgain() {
  const page = new DOMParser().parseFromString(await (await fetch(location.href)).text(), "text/html");
  const now = page.querySelector("[data-heard-making]");
  if (now?.dataset.heardMaking !== "on") return location.reload();
  making.querySelector("progress").value = now.querySelector("progress").value;
  for (const line of ["[role=status]", "[data-heard-step]"]) {
    const [shown, said] = [making, now].map((one) => one.querySelector(line));
    if (shown.textContent !== said.textContent) shown.textContent = said.textContent; // read aloud when it is another
  }
  setTimeout(lookAgain, 1000);
}
if (making) setTimeout(lookAgain, 1000);
