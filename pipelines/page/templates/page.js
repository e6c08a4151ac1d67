"use strict";
/* What the page does beside being read: a force and an outcome are picked, findings are searched, and the address says
   what is picked, so that a view can be linked. Text of reports is only ever set as text. */
(() => {
  const root = document.documentElement;
  const STEP = 25;
  const LONG = 1200;
  const byId = (id) => document.getElementById(id);

  function element(tag, css, words) {
    const made = document.createElement(tag);
    if (css) made.className = css;
    if (words !== undefined) made.textContent = words;
    return made;
  }

  /* Small letters and straight quotes, so that what is typed is found as it is printed. */
  const folded = (text) => text.normalize("NFKC").toLowerCase().replace(/[‘’]/g, "'").replace(/[“”]/g, '"');
  const wordsOf = (query) => folded(query).split(/\s+/).filter(Boolean);

  function pattern(words) {
    if (!words.length) return null;
    const escaped = words.map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&").replace(/'/g, "['‘’]").replace(/"/g, '["“”]'));
    return new RegExp(escaped.join("|"), "giu");
  }

  function markedText(text, looked) {
    const whole = element("bdi");
    let from = 0;
    for (const hit of looked ? text.matchAll(looked) : []) {
      whole.append(text.slice(from, hit.index), element("mark", "", hit[0]));
      from = hit.index + hit[0].length;
    }
    whole.append(text.slice(from));
    return whole;
  }

  /* Picking one of several subjects: a force or an outcome. */
  function picker(select, subjects, told) {
    function pick() {
      for (const subject of subjects) {
        const picked = subject.dataset.subject === select.value;
        subject.classList.toggle("picked", picked);
        subject.open = picked;
      }
      if (told) told(select.value, select.selectedOptions.length ? select.selectedOptions[0].textContent.trim() : "");
    }
    select.addEventListener("change", pick);
    return pick;
  }

  function pickedForce(slug, name) {
    for (const bar of document.querySelectorAll(".bar")) bar.classList.toggle("picked", bar.dataset.force === slug);
    for (const place of document.querySelectorAll(".picked-force")) place.textContent = name;
    sayWhetherDrawn();
  }

  /* A force that a picture leaves out has no bar in it. */
  function sayWhetherDrawn() {
    const note = byId("not-drawn");
    if (note) note.hidden = Boolean(document.querySelector("#outcomes .subject.picked .bar.picked"));
  }

  /* The findings: [kind, text, first line, last line, below it, report, question]. */
  function findings(data, controls) {
    const list = byId("found"), count = byId("count"), more = byId("more"), none = byId("none");
    const all = data.findings.map((finding) => ({ finding, text: null }));
    let found = [], shown = 0, looked = null;

    const textOf = ([, text, , , below]) => [text, ...below.map(textOf)].join("\n");
    const hasKind = (finding, kind) => finding[0] === kind || finding[4].some((one) => hasKind(one, kind));
    const place = (names, value) => (value ? names.findIndex(([id]) => id === value) : null);

    function filter() {
      const words = wordsOf(controls.q.value);
      const force = place(data.forces, controls["findings-force"].value);
      const programme = place(data.programmes, controls.programme.value);
      const question = place(data.questions, controls.question.value);
      const kind = place(data.kinds, controls.kind.value);
      looked = pattern(words);
      found = all.filter((one) => {
        const [, , , , , report, asked] = one.finding;
        const [, its, round] = data.reports[report];
        if (force !== null && its !== force) return false;
        if (programme !== null && round !== programme) return false;
        if (question !== null && asked !== question) return false;
        if (kind !== null && !hasKind(one.finding, kind)) return false;
        if (!words.length) return true;
        one.text ??= folded(textOf(one.finding));
        return words.every((word) => one.text.includes(word));
      });
      shown = 0;
      list.replaceChildren();
      show();
      const number = (n) => n.toLocaleString("en-GB");
      const total = `${number(all.length)} ${all.length === 1 ? "finding" : "findings"}`;
      count.textContent = found.length === all.length ? total : `${number(found.length)} of ${total}`;
      none.hidden = found.length > 0;
    }

    function show() {
      const next = found.slice(shown, shown + STEP).map((one) => card(one.finding));
      list.append(...next);
      shown += next.length;
      const left = found.length - shown;
      more.hidden = left === 0;
      more.textContent = `Show ${Math.min(STEP, left)} more of ${left.toLocaleString("en-GB")}`;
      return next[0];
    }

    function said(text) {
      const paragraph = element("p", "said");
      paragraph.append(markedText(text.slice(0, LONG), looked));
      if (text.length <= LONG) return [paragraph];
      paragraph.append(" …");
      const rest = element("details");
      rest.append(element("summary", "", "The rest of this text"), markedText(text.slice(LONG), looked));
      return [paragraph, rest];
    }

    function below(children, kind) {
      if (!children.length) return [];
      const under = element("ul");
      for (const [its, text, , , deeper] of children) {
        const item = element("li");
        if (its !== kind) item.append(element("span", "kind", data.kinds[its][1]));
        item.append(...said(text), ...below(deeper, its));
        under.append(item);
      }
      return [under];
    }

    function lastLine([, , , last, children]) {
      return Math.max(last, ...children.map(lastLine));
    }

    function card(finding) {
      const [kind, text, first, , children, report, question] = finding;
      const [id, force, programme, pillar, file] = data.reports[report];
      const item = element("li", "finding");
      item.tabIndex = -1;
      const head = element("div"), body = element("div");
      const of = element("p", "of");
      const name = element("b");
      name.append(element("bdi", "", force < 0 ? "force not known" : data.forces[force][1]));
      of.append(element("span", "kind", data.kinds[kind][1]), name);
      for (const more of [programme < 0 ? null : data.programmes[programme][1], pillar]) {
        if (more) of.append(element("span", "sep", " · "), element("bdi", "", more), " ");
      }
      head.append(of);
      const asked = element("p", "asked");
      asked.append(element("bdi", "", question < 0 ? "No question is known" : data.questions[question][1]));
      head.append(asked);
      const trace = element("p", "trace"), last = lastLine(finding);
      trace.append(last > first ? `Lines ${first}–${last} of ` : `Line ${first} of `, element("span", "code", id));
      if (file) trace.append(", file ", element("bdi", "code", file));
      body.append(...said(text), ...below(children, kind), trace);
      item.append(head, body);
      return item;
    }

    more.addEventListener("click", () => show()?.focus());
    return filter;
  }

  /* Questions of other programmes than the one picked cannot be picked. */
  function narrow(programme, question) {
    for (const group of question.querySelectorAll("optgroup")) {
      const other = Boolean(programme.value) && group.dataset.programme !== programme.value;
      group.hidden = group.disabled = other;
      if (other && question.selectedOptions[0]?.parentElement === group) question.value = "";
    }
  }

  function start() {
    const controls = {};
    for (const control of document.querySelectorAll("[data-key]")) controls[control.dataset.key] = control;
    const first = {};
    for (const [key, control] of Object.entries(controls)) first[key] = control.value;
    const refresh = [];
    const searched = ["q", "findings-force", "programme", "question", "kind"];

    if (controls.force) refresh.push(picker(controls.force, document.querySelectorAll("#forces .subject"), pickedForce));
    if (controls.outcome) refresh.push(picker(controls.outcome, document.querySelectorAll("#outcomes .subject"), sayWhetherDrawn));
    let search = null;
    if (controls.q) {
      search = findings(JSON.parse(byId("findings-data").textContent), controls);
      refresh.push(() => {
        narrow(controls.programme, controls.question);
        search();
      });
    }

    function address() {
      const picked = new URLSearchParams();
      for (const [key, control] of Object.entries(controls)) {
        if (control.value !== first[key]) picked.set(key, control.value);
      }
      const text = picked.toString();
      history.replaceState(null, "", text ? `#${text}` : location.href.split("#")[0]);
    }

    function fromAddress() {
      const hash = location.hash.slice(1);
      if (!hash.includes("=")) {
        const target = hash && byId(hash);
        for (let one = target; one; one = one.parentElement) if (one.tagName === "DETAILS") one.open = true;
        if (target && target.closest("details")) target.scrollIntoView();
        return false;
      }
      const asked = new URLSearchParams(hash);
      for (const [key, control] of Object.entries(controls)) {
        control.value = asked.get(key) ?? first[key];
        if (control.selectedIndex === -1) control.value = first[key];
      }
      for (const again of refresh) again();
      const section = searched.some((key) => asked.has(key)) ? "findings" : asked.has("outcome") ? "outcomes" : "forces";
      byId(section)?.scrollIntoView();
      return true;
    }

    let waiting = 0;
    for (const [key, control] of Object.entries(controls)) {
      control.addEventListener(key === "q" ? "input" : "change", () => {
        clearTimeout(waiting);
        waiting = setTimeout(() => {
          if (searched.includes(key)) {
            narrow(controls.programme, controls.question);
            search();
          }
          address();
        }, key === "q" ? 150 : 0);
      });
    }
    for (const form of document.querySelectorAll("form")) form.addEventListener("submit", (event) => event.preventDefault());
    byId("clear")?.addEventListener("click", () => {
      for (const key of searched) controls[key].value = first[key];
      narrow(controls.programme, controls.question);
      search();
      address();
      controls.q.focus();
    });
    window.addEventListener("hashchange", fromAddress);
    if (!fromAddress()) for (const again of refresh) again();
  }

  root.classList.add("js");
  document.addEventListener("DOMContentLoaded", () => {
    try {
      start();
    } catch (error) {
      root.classList.remove("js"); // without script all of the page is there
      throw error;
    }
  });
})();
