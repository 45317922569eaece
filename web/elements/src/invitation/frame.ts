/** Frames: in one of another origin, a press may be somebody else's trick. */

/** Whether a page around this one is of another origin. Its address is then not to be read. */
export function framed(): boolean {
  try {
    for (let view: Window = globalThis.window; view !== view.parent; view = view.parent) {
      String(view.parent.location.href);
    }
    return false;
  } catch {
    return true;
  }
}
