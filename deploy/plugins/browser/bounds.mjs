// Where the task's client wants nobody to go: paths, in whichever spelling a server may read them.

// Escapes of escapes undone to the last: what one gives may end another.
function plain(path) {
  const bytes = [];
  for (const char of Buffer.from(path).toString("latin1")) {
    bytes.push(char);
    for (;;) {
      const [, hex] = /^%([0-9a-f]{2})$/i.exec(bytes.slice(-3).join("")) ?? [];
      if (!hex) break;
      bytes.splice(-3, 3, String.fromCharCode(parseInt(hex, 16)));
    }
  }
  return bytes.join("").toLowerCase().replaceAll("\\", "/");
}

const join = (segments) => segments.map((segment) => `/${segment}`).join("");

// As it is written, and without its dot segments; no doubled slashes, no parameters of segments.
function forms(path) {
  const segments = plain(path.split(/[?#]/, 1)[0]).split("/")
    .map((segment) => segment.split(";", 1)[0]).filter((segment) => segment !== "");
  const resolved = [];
  for (const segment of segments) {
    if (segment === "..") resolved.pop();
    else if (segment !== ".") resolved.push(segment);
  }
  return [join(segments), join(resolved)];
}

// A function that tells of a path whether it is beneath one of these.
export function readBounds(paths) {
  const barred = paths.map((path) => forms(path.split(/[?#]/, 1)[0].replace(/\*+$/, ""))[1]);
  return (path) => {
    const asked = forms(path);
    return barred.some((above) => asked.some((form) => form === above || form.startsWith(`${above}/`)));
  };
}
