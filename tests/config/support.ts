/** What the tests of this room share. */
import assert from "node:assert/strict";
import type {
  Declaration,
  DirectoryDeclaration,
  Document,
  WasmDeclaration,
} from "../../src/config/declaration.ts";
import { parseDocument, readDocument } from "../../src/config/document.ts";
import { printIssue } from "../../src/config/issue.ts";

/** A digest of the right form. */
export const HASH = `sha256:${"0123456789abcdef".repeat(4)}`;

/** What a message on an unknown kind lists. */
export const KINDS =
  "function.wasm, process.wasm, function.wat, fs.directory, env.variable, env.storage.memory, " +
  "env.storage.os, env.storage.static, env.storage.file, env.storage.router, http.service, http.router, " +
  "http.endpoint, http.static, process.host, terminal.host, process.service";

/** Every issue of a text, one a line. */
export function problems(text: string): string[] {
  return readDocument(text, "app.yaml").issues.map(printIssue);
}

/** The document of a text without errors. */
export function document(text: string): Document {
  return parseDocument(text, "app.yaml");
}

/** The only entry of a text, which is a function or a process. */
export function onlyWasm(text: string): WasmDeclaration {
  const entry = only(text);
  assert(entry.kind === "function.wasm" || entry.kind === "process.wasm" || entry.kind === "function.wat");
  return entry;
}

/** The only entry of a text, which is a directory. */
export function onlyDirectory(text: string): DirectoryDeclaration {
  const entry = only(text);
  assert(entry.kind === "fs.directory");
  return entry;
}

/** The only entry of a text. */
export function only(text: string): Declaration {
  const [entry, second] = document(text).entries;
  assert(entry !== undefined && second === undefined);
  return entry;
}

/** An index file with one function entry; the lines given are fields of it, the first on line 9. */
export function wasm(...lines: string[]): string {
  return [
    "namespace: app",
    "entries:",
    "  - name: f",
    "    kind: function.wasm",
    "    fs: assets",
    "    path: /f.wasm",
    `    hash: ${HASH}`,
    "    method: run",
    ...lines.map((line) => `    ${line}`),
    "",
  ].join("\n");
}

/** An index file with one entry of this kind; the lines given are fields of it, the first on line 5. */
export function entryOf(kind: string, ...lines: string[]): string {
  return directory(...lines).replace("fs.directory", kind);
}

/** An index file with one directory entry; the lines given are fields of it, the first on line 5. */
export function directory(...lines: string[]): string {
  return [
    "namespace: app",
    "entries:",
    "  - name: d",
    "    kind: fs.directory",
    ...lines.map((l) => `    ${l}`),
    "",
  ]
    .join("\n");
}
