// Search by words: all of it happens here. Nothing that is typed is sent, kept, or put in an address.
"use strict";
(() => {
  const by = (id) => document.getElementById(id);
  const [box, words, count, found, more, all] = ["search", "words", "count", "found", "more", "all"].map(by);
  const root = box.dataset.root;
  const AT_ONCE = 50; // results that are shown before the reader asks for more
  const OFTEN = 200; // milliseconds between two looks while somebody types
  const ARABIC = { "\u0671": "\u0627", "\u0649": "\u064a", "\u06cc": "\u064a", "\u06a9": "\u0643", "\u0629": "\u0647" };
  const LATIN = { "\u00df": "ss", "\u00e6": "ae", "\u00f8": "o", "\u0142": "l", "\u0111": "d", "\u0131": "i" };
  const SAME = { ...ARABIC, ...LATIN };

  // Without case, accents, vowel marks and signs: "Clínica" is "clinica", "أعداد" is "اعداد".
  const fold = (text) =>
    " " +
    text
      .normalize("NFKD")
      .toLowerCase()
      .replace(/[\p{M}\p{Cf}\u0640'\u2019]/gu, "")
      .replace(/[\u0660-\u0669\u06f0-\u06f9]/g, (digit) => digit.charCodeAt(0) & 15)
      .replace(/[\u0671\u0649\u06cc\u06a9\u0629\u00df\u00e6\u00f8\u0142\u0111\u0131]/g, (letter) => SAME[letter])
      .replace(/[^\p{L}\p{N}]+/gu, " ")
      .trim();

  // A word begins where a word begins; in scripts that join words, or write none apart, anywhere.
  const asked = () =>
    fold(words.value)
      .split(" ")
      .filter(Boolean)
      .map((word) => (/^[\p{Script=Latin}\p{Script=Cyrillic}\p{Script=Greek}\p{N}]/u.test(word) ? " " + word : word));

  const lists = [...all.querySelectorAll("[data-titles]")];
  // By list: its issues, from the page at first, and with their pieces once its file is there.
  const years = lists.map((list) =>
    [...list.children].map((line) => {
      const link = line.querySelector("a");
      const when = line.querySelector(".c").textContent;
      return { href: link.getAttribute("href"), title: link.textContent, notes: [when], text: fold(link.textContent + " " + when), pieces: [] };
    }),
  );
  let loading = null;
  let shown = AT_ONCE;

  const issueOf = ([folder, title, when, about, pieces]) => {
    const href = `${root}${folder}index.html`;
    const piece = ([anchor, title, source, lang]) => ({
      href: anchor ? `${href}#${anchor}` : href, title, notes: [source, when], lang, text: fold(`${title} ${source}`),
    });
    return { href, title, notes: [when], text: fold(`${title} ${when} ${about}`), pieces: pieces.map(piece) };
  };

  const load = async () => {
    for (const [at, list] of lists.entries()) {
      try {
        const answer = await fetch(list.dataset.titles, { credentials: "omit" });
        if (answer.ok) years[at] = (await answer.json()).map(issueOf);
      } catch {
        // The list of issues is still there to be looked through.
      }
      look();
    }
    loading = "done";
    look();
  };

  const line = ({ href, title, notes, lang }) => {
    const item = document.createElement("li");
    const link = document.createElement("a");
    link.className = "more";
    link.href = href;
    link.textContent = title;
    link.dir = "auto";
    if (lang) link.lang = lang;
    const note = document.createElement("span");
    note.className = "c";
    for (const words of notes.filter(Boolean)) {
      const own = document.createElement("bdi");
      own.textContent = words;
      note.append(note.childElementCount ? " · " : "", own);
    }
    item.append(link, " ", note);
    return item;
  };

  const look = () => {
    const wanted = asked();
    const isAsked = wanted.length > 0;
    const has = ({ text }) => wanted.every((word) => text.includes(word));
    const hits = isAsked ? years.flat().flatMap((issue) => [issue, ...issue.pieces].filter(has)) : [];
    all.hidden = isAsked;
    found.hidden = !hits.length;
    const focused = found.contains(document.activeElement) && document.activeElement.href;
    found.replaceChildren(...hits.slice(0, shown).map(line));
    // More of what was looked for came while somebody stood at a result: there they stay.
    if (focused) [...found.querySelectorAll("a")].find(({ href }) => href === focused)?.focus();
    more.hidden = hits.length <= shown;
    const { some, none, looking } = count.dataset;
    count.textContent = !isAsked ? "" : hits.length ? `${some} ${hits.length}` : loading === "done" ? none : looking;
  };

  let later;
  words.addEventListener("input", () => {
    loading ??= load();
    shown = AT_ONCE;
    clearTimeout(later);
    later = setTimeout(look, OFTEN);
  });
  more.addEventListener("click", () => {
    const first = shown;
    shown += AT_ONCE;
    look();
    found.children[first]?.querySelector("a").focus();
  });
  box.hidden = false;
  if (words.value) words.dispatchEvent(new Event("input"));
})();
