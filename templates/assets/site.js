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
    const { picker, feed, address, feedAddress, open, title, outlook, office } = form.dataset;
    const line = document.createElement("div");
    line.setAttribute("role", "status");
    const [calendar, news] = [address, feedAddress].map((label) => {
      const shown = document.createElement("p");
      shown.className = "address";
      shown.hidden = true;
      const code = document.createElement("code");
      shown.append(label + " ", code);
      line.append(shown);
      addCopyButton(code);
      return { shown, code };
    });
    const links = document.createElement("p");
    links.className = "buttons";
    links.hidden = true;
    const [app, google, personal, work] = [open, "Google", outlook, office].map((name, index) => {
      const link = document.createElement("a");
      link.className = index ? "button quiet" : "button";
      link.textContent = name;
      links.append(link, " ");
      return link;
    });
    calendar.shown.after(links);
    form.querySelector(".buttons").before(line);
    form.addEventListener("change", () => {
      const chosen = new URLSearchParams(new FormData(form));
      const kind = form.querySelector("[name=kind]:checked");
      chosen.delete("kind");
      const some = chosen.toString();
      const url = picker + "?" + some;
      links.hidden = calendar.shown.hidden = !some;
      calendar.code.textContent = url;
      app.href = url.replace(/^https?:/, "webcal:");
      google.href = "https://calendar.google.com/calendar/u/0/r?cid=" + encodeURIComponent(app.href);
      const query = "/calendar/0/addfromweb/?url=" + encodeURIComponent(url) + "&name=" + encodeURIComponent(title);
      personal.href = "https://outlook.live.com" + query;
      work.href = "https://outlook.office.com" + query;
      // A feed of one kind of entries and of everything in it has an address of its own.
      if (kind.value) chosen.append("kind", kind.value);
      news.shown.hidden = !chosen.toString();
      news.code.textContent = some ? feed + "?" + chosen : kind.dataset.own;
    });
  }
})();
