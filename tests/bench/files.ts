/** The row of files: 1 GiB through a guest's `read-via-stream`, beside a plain loop. */
import assert from "node:assert/strict";
import { Component } from "../../src/component/mod.ts";
import { denied, type Grant } from "../../src/grant/grant.ts";
import { wasi } from "../../src/wasi/mod.ts";
import { compare, type Row } from "./measure.ts";

const SIZE = 2 ** 30, CHUNK = 65_536;

/** Rows of files. A throughput of 0.7× is a time of 1/0.7. */
export async function fileRows(): Promise<Row[]> {
  const directory = Deno.makeTempDirSync();
  try {
    const path = `${directory}/large`;
    const file = Deno.openSync(path, { write: true, create: true });
    const block = crypto.getRandomValues(new Uint8Array(65_536));
    for (let at = 0; at < SIZE; at += block.length) file.writeSync(block);
    file.close();
    const component = Component.compileSync(Deno.readFileSync(new URL("read.wasm", import.meta.url)));
    const packages = new Set(["wasi:cli", "wasi:io", "wasi:poll", "wasi:clocks", "wasi:filesystem"] as const);
    const grant: Grant = {
      ...denied,
      packages,
      args: ["read", "/data/large", String(CHUNK)],
      mounts: [{ guest: "/data", host: directory, readOnly: true }],
    };
    const guest = async () => {
      let printed = "";
      const stdout = {
        writeSync: (bytes: Uint8Array) => {
          printed += new TextDecoder().decode(bytes);
          return bytes.length;
        },
      };
      const { exports } = await component.instantiate(wasi(grant, { stdio: { stdout } }));
      await exports["wasi:cli/run@0.2.3"].run();
      assert.equal(printed, `${SIZE}\n`);
    };
    const plain = () => {
      const file = Deno.openSync(path);
      const buffer = new Uint8Array(CHUNK);
      let total = 0;
      for (let n; (n = file.readSync(buffer)) !== null;) total += n;
      file.close();
      assert.equal(total, SIZE);
    };
    return [
      await compare(
        "1 GiB through read-via-stream, in 64 KiB",
        "Deno.FsFile.readSync loop",
        1 / 0.7,
        1,
        guest,
        plain,
      ),
    ];
  } finally {
    Deno.removeSync(directory, { recursive: true });
  }
}
