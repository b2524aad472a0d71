/** A number of bytes as people read it: `12 MB`, `4.7 GiB` from one GiB on. */
export function shortSize(bytes: number): string {
  const gib = 1024 ** 3;
  return bytes < gib ? `${String(Math.round(bytes / 1e6))} MB` : `${(bytes / gib).toFixed(1)} GiB`;
}
