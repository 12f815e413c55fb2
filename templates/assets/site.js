// Comforts that pages do well without: copying an address, the reader's own local time and zone, the address of a
// choice, and the way from the first page to the reader's language.
(() => {
  "use strict";
  const { copy, copied, yourTime } = document.body.dataset;

  for (const code of document.querySelectorAll("[data-copyable]")) addCopyButton(code);
  for (const time of document.querySelectorAll("time[data-timed]")) addLocalTime(time);
  for (const form of document.querySelectorAll("form[data-picker]")) followChoice(form);
  for (const field of document.querySelectorAll("input[data-timezone]")) field.value = Intl.DateTimeFormat().resolvedOptions().timeZone ?? "";
  for (const chooser of document.querySelectorAll("[data-chooser]")) chooseLanguage([...chooser.querySelectorAll("a[hreflang]")]);

  function chooseLanguage(links) {
    const wanted = navigator.languages.map((tag) => tag.toLowerCase().split("-")[0]);
    const language = wanted.find((tag) => links.some((link) => link.hreflang === tag));
    if (language) location.replace(links.find((link) => link.hreflang === language).href);
  }

  function addCopyButton(code) {
    if (!copy || !navigator.clipboard) return;
    const button = document.createElement("button");
    button.type = "button";
    button.className = "copy";
    button.textContent = copy;
    if (code.dataset.copyable) button.setAttribute("aria-describedby", code.dataset.copyable);
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(code.textContent);
      button.textContent = copied;
      setTimeout(() => { button.textContent = copy; }, 2000);
    });
    code.after(" ", button);
  }

  function addLocalTime(time) {
    const written = time.getAttribute("datetime");
    const moment = new Date(written);
    const there = /([+-])(\d\d):(\d\d)$/.exec(written);
    const offset = there ? (there[1] + 1) * (there[2] * 60 + +there[3]) : 0;
    if (!yourTime || isNaN(moment) || offset === -moment.getTimezoneOffset()) return;
    const date = new Intl.DateTimeFormat("sv-SE", { dateStyle: "short" }).format(moment) === written.slice(0, 10) ? {} : { day: "numeric", month: "short" };
    const local = new Intl.DateTimeFormat(document.documentElement.lang, { ...date, hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
    const note = document.createElement("span");
    note.className = "your-time";
    note.textContent = " " + yourTime.replace("{time}", local.format(moment));
    time.after(note);
  }

  function followChoice(form) {
    const { picker, address, open, title, outlook, office } = form.dataset;
    const line = document.createElement("div");
    line.setAttribute("role", "status");
    line.hidden = true;
    const shown = document.createElement("p");
    shown.className = "address";
    const code = document.createElement("code");
    shown.append(address + " ", code);
    const links = document.createElement("p");
    links.className = "buttons";
    const [app, google, personal, work] = [open, "Google", outlook, office].map((name, index) => {
      const link = document.createElement("a");
      link.className = index ? "button quiet" : "button";
      link.textContent = name;
      links.append(link, " ");
      return link;
    });
    line.append(shown, links);
    form.querySelector(".buttons").before(line);
    addCopyButton(code);
    form.addEventListener("change", () => {
      const chosen = new URLSearchParams(new FormData(form)).toString();
      const url = picker + "?" + chosen;
      line.hidden = !chosen;
      code.textContent = url;
      app.href = url.replace(/^https?:/, "webcal:");
      google.href = "https://calendar.google.com/calendar/u/0/r?cid=" + encodeURIComponent(app.href);
      const query = "/calendar/0/addfromweb/?url=" + encodeURIComponent(url) + "&name=" + encodeURIComponent(title);
      personal.href = "https://outlook.live.com" + query;
      work.href = "https://outlook.office.com" + query;
    });
  }
})();
