// Opens links that have `data-bakehouse` in a dialog over the page that they are on. Without this script, or with a
// modifier key, they are links as any other.
(() => {
  "use strict";

  /** A dialog with the address in it, which is gone when it closes. */
  function open(href, title) {
    const dialog = document.createElement("dialog");
    dialog.style.cssText = "width:min(60rem,90vw);height:min(45rem,85vh);padding:0;border:0;border-radius:.75rem;overflow:hidden";
    const close = document.createElement("button");
    close.textContent = "\u00d7";
    close.setAttribute("aria-label", "Close");
    close.style.cssText = "position:absolute;right:.5rem;top:.5rem;font:1.5rem/1 system-ui";
    close.onclick = () => dialog.close();
    const frame = document.createElement("iframe");
    frame.src = href;
    frame.title = title;
    frame.allow = "camera; microphone; display-capture; fullscreen";
    frame.style.cssText = "width:100%;height:100%;border:0";
    dialog.append(frame, close);
    dialog.onclose = () => dialog.remove();
    document.body.append(dialog);
    dialog.showModal();
  }

  addEventListener("click", (event) => {
    const link = event.target instanceof Element && event.target.closest("a[data-bakehouse]");
    const isPlain = event.button === 0 && !(event.metaKey || event.ctrlKey || event.shiftKey || event.altKey);
    if (!link || !isPlain || event.defaultPrevented || !/^https?:$/.test(link.protocol)) return;
    event.preventDefault();
    open(link.href, link.textContent.trim());
  });
})();
