/** The rows of peers as a picture: a group of bars for each row, the longest one the best. */
import type { PeerRow } from "./peers.ts";

const BAR = 18, GAP = 26, LABEL = 190, WIDTH = 760, ROOM = 380;
const COLOURS = ["#0b7285", "#1098ad", "#868e96", "#adb5bd", "#ced4da", "#dee2e6"];

/**
 * An SVG picture.
 *
 * @param rows Rows with at least one figure.
 */
export function chart(rows: readonly PeerRow[]): string {
  const parts: string[] = [];
  let y = 10;
  for (const { what, unit, less, figures } of rows) {
    const values = figures.flatMap(({ value }) => value === undefined ? [] : [value]);
    const best = less ? Math.min(...values) : Math.max(...values);
    y += 16;
    parts.push(text(0, y, `${what} (${unit}, ${less ? "less" : "more"} is better)`, "600"));
    y += 8;
    for (const [i, { host, value }] of figures.entries()) {
      parts.push(text(8, y + 13, host));
      if (value === undefined) parts.push(text(LABEL, y + 13, "failed"));
      else {
        const length = Math.max(2, ROOM * (less ? best / value : value / best));
        parts.push(
          `<rect x="${LABEL}" y="${y}" width="${length.toFixed(1)}" height="${BAR - 3}" fill="${
            COLOURS[i % COLOURS.length]
          }"/>`,
          text(LABEL + length + 6, y + 13, figure(value)),
        );
      }
      y += BAR;
    }
    y += GAP - 10;
  }
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${y}" width="${WIDTH}" height="${y}" ` +
    `font-family="sans-serif" font-size="12" fill="#212529"><rect width="100%" height="100%" fill="#fff"/>\n${
      parts.join("\n")
    }\n</svg>\n`;
}

/** Three figures that count. */
export function figure(value: number): string {
  return value >= 100 ? String(Math.round(value)) : value.toPrecision(3);
}

function text(x: number, y: number, words: string, weight = "400"): string {
  const safe = words.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
  return `<text x="${x.toFixed(1)}" y="${y}" font-weight="${weight}">${safe}</text>`;
}
