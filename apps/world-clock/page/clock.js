// The clocks, one for each zone in the address: #Europe/Rome,Asia/Tokyo
"use strict";

const form = document.querySelector("form");
const list = document.querySelector("ul");
const status = document.querySelector("[role=status]");
const here = Intl.DateTimeFormat().resolvedOptions().timeZone;

/** The zones of the address; where the reader is if it has none. */
function zones() {
  const written = decodeURIComponent(location.hash.slice(1)).split(",").filter(isZone);
  return written.length > 0 ? [...new Set(written)] : [here];
}

function isZone(name) {
  try {
    return name !== "" && Boolean(new Intl.DateTimeFormat("en", { timeZone: name }));
  } catch {
    return false;
  }
}

function go(names) {
  location.hash = names.join(",");
}

function clock(zone) {
  const item = document.createElement("li");
  const time = document.createElement("time");
  const remove = document.createElement("button");
  remove.textContent = "Remove";
  remove.onclick = () => go(zones().filter((name) => name !== zone));
  item.append(zone, time, remove);
  const format = new Intl.DateTimeFormat([], {
    timeZone: zone, weekday: "short", hour: "2-digit", minute: "2-digit", second: "2-digit",
  });
  return { item, tick: (now) => { time.textContent = format.format(now); } };
}

let clocks = [];

function show() {
  clocks = zones().map(clock);
  list.replaceChildren(...clocks.map(({ item }) => item));
  tick();
}

function tick() {
  const now = new Date();
  clocks.forEach((clock) => clock.tick(now));
}

form.onsubmit = (event) => {
  event.preventDefault();
  const zone = form.elements.zone.value.trim();
  status.textContent = isZone(zone) ? "" : `There is no time zone ${zone}.`;
  if (isZone(zone)) {
    go([...zones(), zone]);
    form.reset();
  }
};

document.querySelector("datalist").append(...(Intl.supportedValuesOf?.("timeZone") ?? []).map((name) => new Option(name)));
addEventListener("hashchange", show);
setInterval(tick, 1000);
show();
