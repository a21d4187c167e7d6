import assert from "node:assert/strict";
import { cleanGuestPath, innerPath } from "../../src/config/guest_path.ts";
import { isAbsolute, join, normalize, parent } from "../../src/registry/host_path.ts";

Deno.test("a path loses dots and doubled separators", () => {
  const cases: [path: string, normal: string][] = [
    ["", "."],
    [".", "."],
    ["a/../..", ".."],
    ["../../a", "../../a"],
    ["a//b/./c/", "a/b/c"],
    ["/", "/"],
    ["/../a", "/a"],
    ["/a/../..", "/"],
    ["C:\\a\\..\\b/c", "C:\\b\\c"],
    ["C:\\..", "C:\\"],
    ["\\\\server\\share\\x", "\\\\server\\share\\x"],
    ["a\\b", "a\\b"],
  ];
  for (const [path, normal] of cases) assert.equal(normalize(path), normal);
});

Deno.test("a path is joined to a base unless it is absolute", () => {
  const cases: [base: string, path: string, joined: string][] = [
    ["/a", "b", "/a/b"],
    ["/a", "../b", "/b"],
    ["/a", "/b", "/b"],
    ["/", "b", "/b"],
    ["", "b", "b"],
    ["C:\\a", "b/c", "C:\\a\\b\\c"],
    ["C:\\a", "D:\\b", "D:\\b"],
  ];
  for (const [base, path, joined] of cases) assert.equal(join(base, path), joined);
  assert.deepEqual(["/a/b", "/a", "/", "C:\\a", "C:\\"].map(parent), ["/a", "/", "/", "C:\\", "C:\\"]);
  assert.deepEqual(["/a", "a", "C:\\a", "C:a", "\\\\s\\x"].map(isAbsolute), [true, false, true, false, true]);
});

Deno.test("a path inside a file system never leaves it", () => {
  const cases: [path: string, parts: string[] | undefined][] = [
    ["a/b", ["a", "b"]],
    ["/a/./b//", ["a", "b"]],
    ["/", []],
    ["a/..", []],
    ["a/../..", undefined],
    ["/..", undefined],
    ["../a", undefined],
    ["..a/...", ["..a", "..."]],
  ];
  for (const [path, parts] of cases) assert.deepEqual(innerPath(path), parts);
});

Deno.test("a guest path is cleaned as in the original", () => {
  const cases: [path: string, clean: string][] = [["/a/", "/a"], ["/a/../b", "/b"], ["/../a", "/a"], [
    "//",
    "/",
  ]];
  for (const [path, clean] of cases) assert.equal(cleanGuestPath(path), clean);
});
