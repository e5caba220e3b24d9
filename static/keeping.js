"use strict";
// Keeps the questions on this phone, and sealed answers while there is no connection; sends them in order when there is one.
// Without this file, without a secure address, or where the browser stores nothing, answering needs a connection, as before.
const KEPT = "kept"; // guard.js removes all that has this name
const ADDRESS = "/answer/kept";
const WEEK = 7 * 24 * 60 * 60 * 1000;
const SEND_AGAIN = 5000;
const panel = () => document.getElementById("kept");
const part = (name) => panel().querySelector(`[data-${name}]`);
let count = 0; // of the answers that wait
let isReady = false; // this phone keeps the questions of this page's round
let sending = null;
let nextTry;

// -- what is stored: "phone" holds one row, the key and a counter; "waiting" one sealed answer for each question

const opened = () => new Promise((done, failed) => {
  const asked = indexedDB.open(KEPT, 1);
  asked.onupgradeneeded = () => {
    asked.result.createObjectStore("phone");
    asked.result.createObjectStore("waiting", { keyPath: "question" });
  };
  asked.onsuccess = () => done(asked.result);
  asked.onerror = () => failed(asked.error);
});
const within = async (mode, work) => {
  const stored = await opened();
  stored.onversionchange = () => stored.close();
  try {
    return await new Promise((done, failed) => {
      const change = stored.transaction(["phone", "waiting"], mode, { durability: "strict" });
      const asked = work(change.objectStore("phone"), change.objectStore("waiting"));
      change.oncomplete = () => done(asked?.result);
      change.onabort = () => failed(change.error);
    });
  } finally {
    stored.close();
  }
};
const read = async () => ({
  phone: await within("readonly", (phone) => phone.get(KEPT)),
  waiting: (await within("readonly", (_phone, waiting) => waiting.getAll())).sort((one, other) => one.number - other.number),
});
const drop = (sent) => within("readwrite", (_phone, waiting) => {
  for (const { question, number: done } of sent) {
    const asked = waiting.get(question);
    asked.onsuccess = () => { if (asked.result?.number === done) waiting.delete(question); }; // a newer one stays
  }
});
// No other tab counts or stores meanwhile.
const keep = (question, answer) => navigator.locks.request(KEPT, async () => {
  const { phone } = await read();
  const next = phone.number + 1;
  const sealed = await seal(phone.key, { number: next, question, answer });
  await within("readwrite", (phones, waiting) => {
    phones.put({ ...phone, number: next }, KEPT);
    return waiting.put({ question, number: next, at: Date.now() + phone.ahead, sealed });
  });
});

// -- what is said

const tellKept = (words) => {
  part("said").textContent = words;
  show();
};
const show = () => {
  const { one, more } = panel().dataset;
  part("count").textContent = count ? (count === 1 ? one : more.replace("{count}", count)) : "";
  part("how").hidden = !count;
  part("go").hidden = part("go").pathname === ADDRESS ? !count : part("go").pathname === "/";
  part("remove").hidden = part("said").textContent !== panel().dataset.other;
  panel().hidden = !count && !part("said").textContent;
};
let waits = () => {}; // kept.js: tags the questions whose answers wait
const look = async () => {
  const { waiting } = await read();
  count = waiting.length;
  if (count) localStorage.setItem(KEPT, count); else localStorage.removeItem(KEPT); // guard.js asks before signing out
  waits(new Set(waiting.map(({ question }) => question)));
  show();
  clearTimeout(nextTry); // the browser does not say each time that there is a connection again
  if (count) nextTry = setTimeout(sendAll, SEND_AGAIN);
};

// -- sending

const ask = async (phone, waiting, now) => {
  const body = new URLSearchParams();
  for (const { number: each, at, sealed } of waiting) body.append("waiting", `${each} ${Math.max(0, Math.floor((now - at) / 1000))} ${sealed}`);
  const signal = AbortSignal.timeout(10_000);
  const answer = await fetch(ADDRESS, { method: "POST", body, headers: { "Engage-Kept": phone.handle }, cache: "no-store", redirect: "error", signal });
  if (!answer.ok) throw new Error(answer.status);
  return answer.json();
};
const dropLate = async (waiting, now) => {
  const late = waiting.filter(({ at }) => now - at > WEEK);
  if (late.length) { await drop(late); tellKept(panel().dataset.late); }
  return waiting.filter((each) => !late.includes(each));
};
// The server's clock decides, as the phone's may be set anew while it waits; without a connection the phone's has to do.
const sendOnce = async () => {
  const { phone, waiting } = await read();
  if (!phone) return;
  let told;
  try {
    told = await ask(phone, [], 0);
  } catch {
    await dropLate(waiting, Date.now() + phone.ahead);
    return;
  }
  const inTime = await dropLate(waiting, told.now);
  if (told.standing === "open" && inTime.length) {
    try {
      told = await ask(phone, inTime, told.now);
    } catch {
      return; // what arrived all the same is not taken again
    }
    await drop(inTime.filter((each) => each.number <= told.taken));
    tellKept(panel().dataset[told.refused.length ? "refused" : "sent"]);
  }
  if (told.standing === "closed") { const had = waiting.length; await removeKept(); isReady = false; if (had || !part("said").textContent) tellKept(panel().dataset.closed); }
  else if (told.standing === "other") tellKept(waiting.length ? panel().dataset.other : "");
  else if (told.standing === "signed-out") tellKept(waiting.length ? panel().dataset.signedOut : "");
  else {
    await navigator.locks.request(KEPT, async () => {
      const { phone: latest } = await read();
      if (latest) await within("readwrite", (phones) => phones.put({ ...latest, ahead: told.now - Date.now() }, KEPT));
    });
    if (told.address && location.pathname === ADDRESS) part("go").href = told.address;
  }
};
const sendAll = async () => {
  clearTimeout(nextTry);
  sending ??= sendOnce().finally(() => { sending = null; });
  try { await sending; await look(); } catch { isReady = false; } // what the browser refuses is not kept
};

// -- on a page with questions

// The page is stored under its neutral address, without the address and the headers of the answer that brought it.
const storePage = async (handle) => {
  const answer = await fetch(ADDRESS, { headers: { "Engage-Kept": handle }, cache: "no-store" });
  const text = await answer.text();
  const page = new DOMParser().parseFromString(text, "text/html");
  if (!answer.ok || !page.getElementById("kept-list")) throw new Error(answer.status);
  const files = [...page.querySelectorAll("link[rel=stylesheet], script[src]")].map((each) => each.getAttribute("href") ?? each.getAttribute("src"));
  const headers = Object.fromEntries(["Content-Type", "Content-Security-Policy", "Referrer-Policy", "X-Content-Type-Options"].map((name) => [name, answer.headers.get(name)]));
  const cache = await caches.open(KEPT);
  await cache.addAll(files);
  await cache.put(ADDRESS, new Response(text, { headers }));
  await navigator.serviceWorker.register("/answer/worker.js", { scope: ADDRESS });
};
// One response a phone: another person's is kept only when nothing of the first one waits.
const prepare = async () => {
  const { keep: address, mark } = panel().dataset;
  const token = document.querySelector("form [name=csrf_token]")?.value;
  const version = `${document.documentElement.lang} ${document.querySelector("script[src*=keeping]").getAttribute("src")}`;
  let { phone } = await read();
  if (phone && phone.mark !== mark) {
    if (count) return;
    await removeKept();
    phone = null;
  }
  if (!phone) {
    if (!token) return;
    const body = new URLSearchParams({ csrf_token: token });
    const { handle, key, now } = await (await fetch(address, { method: "POST", body, redirect: "error" })).json();
    if (!handle) return;
    phone = { handle, key, mark, number: 0, ahead: now - Date.now(), version: "" };
  }
  if (phone.version !== version || !await caches.match(ADDRESS)) { // a private window may have lost it
    await storePage(phone.handle);
    phone = { ...phone, version };
    await navigator.locks.request(KEPT, () => within("readwrite", (phones) => phones.put(phone, KEPT)));
  }
  isReady = true;
};
const answering = () => document.querySelector("#assessment-question, #assessment-area");
const notes = () => [...answering().querySelectorAll("textarea")].some(isChanged);
// Seals what is chosen; the radio buttons then count as saved.
const keepLines = async (lines) => {
  try {
    for (const line of lines) {
      const chosen = [...line.querySelectorAll("input:checked")];
      if (chosen.length) await keep(line.dataset.question, chosen.map(({ value }) => value));
      for (const input of line.querySelectorAll("input")) input.defaultChecked = input.checked;
    }
  } catch {
    tellKept(panel().dataset.notKept);
    return false;
  }
  await look();
  bar("");
  tellKept(panel().dataset[notes() ? "noNote" : "waits"]);
  clearTimeout(waiting); // of autosave.js, which would try again by itself
  return true;
};
// Without a connection, the phone's own page asks the next question.
const goOn = async (page) => {
  if (!page.querySelector("input:checked") || !await keepLines(unsavedLines())) return;
  region().textContent = "";
  if (!notes() && await caches.match(ADDRESS)) location.href = `${ADDRESS}#after-${[...page.querySelectorAll("[data-question]")].at(-1).dataset.question}`;
};
document.addEventListener("htmx:beforeRequest", (event) => { // behind an answer that waits, the next one waits, too
  const { elt } = event.detail;
  if (!isReady || !count || ![sender(), answering()].includes(elt)) return;
  event.preventDefault();
  if (elt === sender()) keepLines(unsavedLines()).then(sendAll);
  else sendAll().then(() => (count ? goOn(elt) : elt.requestSubmit()));
});
document.addEventListener("htmx:afterRequest", async ({ detail }) => {
  const { notKept } = panel()?.dataset ?? {};
  if (!notKept || ![sender(), answering()].includes(detail.elt)) return;
  if (![0, 502, 503, 504].includes(detail.xhr.status)) { if (part("said").textContent === notKept) tellKept(""); }
  else if (!isReady) tellKept(notKept);
  else if (detail.elt === answering()) goOn(detail.elt);
  else if (await keepLines(unsavedLines())) region().textContent = "";
});
settle = async (_form, isOnline) => { // what waited goes before the form that is sent
  if (isOnline && count) await sendAll();
  return isOnline;
};
addEventListener("online", sendAll);
document.addEventListener("click", async ({ target }) => {
  if (!target.closest("[data-remove]")) return;
  await removeKept();
  tellKept("");
  await look();
});
const begin = async () => {
  if (!panel() || !isSecureContext || !navigator.serviceWorker || !navigator.locks) return;
  try {
    await look();
    if (count) await sendAll();
    if (panel().dataset.keep) await prepare();
  } catch { isReady = false; } // what the browser refuses is not kept
};
begin();
document.addEventListener("htmx:afterSettle", ({ detail }) => { if (detail.boosted) begin(); });
