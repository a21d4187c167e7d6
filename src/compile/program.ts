/**
 * A compiled program, from its own point of view: what is in it, what it may do, and how it starts itself.
 *
 * @module
 */
import { JOB } from "../compartment/job.ts";
import { CompartmentError } from "../compartment/error.ts";
import type { GuestSpec } from "../compartment/spec.ts";
import { type GuestProgram, QUIET, useGuestProgram } from "../compartment/start.ts";
import { CapabilityError } from "../grant/error.ts";
import { isAtOrBelow } from "../grant/below.ts";
import { grantOf } from "../grant/from_entry.ts";
import type { Grant } from "../grant/grant.ts";
import type { WasmEntry } from "../registry/entry.ts";
import type { Registry } from "../registry/registry.ts";
import { lackingOf } from "../runtime/lacking_of.ts";
import { type Scope, shellLine } from "../scope/mod.ts";
import { loadApplication, withModules } from "./application.ts";
import { flagsOfPermissions, FOLDERS, type Manifest, type Permissions } from "./manifest.ts";
import { narrow } from "./narrow.ts";
import { grantedBy, hasOwnProcess, NOTHING, realPath, STARTING, together } from "./needs.ts";
import { located } from "./place.ts";

/** What the first word of a process begins with that the program has started itself. */
export const ROLE = "--airlock=";

/** A part that the program plays in a process of its own. */
export type Role = "launch" | "guest-channel" | "guest-run";

/** A program that is running. */
export class Program {
  /** What it was made of. */
  readonly manifest: Manifest;
  /** What it was started with, in paths of this machine. */
  readonly permissions: Permissions;
  /** The folder of its own files: in a binary, one that only it sees. */
  readonly #home: string;

  /**
   * @param manifest The text of its manifest.
   * @param home The folder that holds that, absolute, without a slash at its end.
   */
  constructor(manifest: string, home: string) {
    this.manifest = JSON.parse(manifest);
    this.permissions = located(this.manifest.permissions);
    this.#home = home;
    useGuestProgram(this.#guests());
  }

  /** What it is called. */
  get name(): string {
    const path = isBinary() ? Deno.execPath() : this.#at("main.js");
    return path.slice(Math.max(path.lastIndexOf("/"), path.lastIndexOf("\\")) + 1);
  }

  /** The scope that is its own files. */
  get own(): Scope {
    return { ...NOTHING, read: [this.#home] };
  }

  /**
   * Loads the application, as it is now.
   *
   * @param overrides More than was compiled in.
   * @throws {ConfigError | EntryError} If it is wrong.
   */
  async load(overrides: readonly string[]): Promise<Registry> {
    const { manifest } = this;
    const root = manifest.root === "." ? Deno.cwd() : manifest.root;
    const loading = { ...manifest, root, overrides: [...manifest.overrides, ...overrides] };
    const { registry } = loadApplication(loading, (file) => Deno.readTextFileSync(this.#at(file)));
    return await withModules(registry, manifest.entries, (key) => {
      const file = Object.hasOwn(manifest.modules, key) ? manifest.modules[key] : undefined;
      return file === undefined ? undefined : this.#at(file);
    });
  }

  /**
   * Makes sure that what an application asks for now was compiled in.
   *
   * @param scope What it takes.
   * @param starts Whether it takes processes of guests' own.
   * @param of Who asks, and where that is declared.
   * @throws {Deno.errors.NotCapable} With all that is lacking.
   */
  check(scope: Scope, starts: boolean, of: string): void {
    const lacking = lackingOf(starts ? together([scope, STARTING, { ...NOTHING, env: [JOB] }]) : scope);
    // Deno does not know native code that may be loaded and not looked at, so it is all of it.
    if (starts && Deno.permissions.querySync({ name: "ffi" }).state !== "granted") {
      lacking.push("--allow-ffi");
    }
    if (lacking.length === 0) return;
    throw new Deno.errors.NotCapable(
      `${of} asks for more than was compiled into this program, which lacks ${
        shellLine(lacking)
      }; compile it again`,
    );
  }

  /** Whether calling some entries takes processes of their own. */
  starts(entries: readonly WasmEntry[], registry: Registry): boolean {
    return entries.some((entry) => hasOwnProcess(entry, registry, this.permissions.net));
  }

  /**
   * Makes sure that a guest does not see the program's own files, which hold the values of others.
   *
   * @throws {CapabilityError} For a mount that shows them.
   */
  checkMounts(entry: WasmEntry, registry: Registry): void {
    this.#checkGrant(grantOf(entry, registry));
  }

  #checkGrant({ holder, mounts }: Grant): void {
    const shown = mounts.find(({ host, real }) =>
      [host, real ?? realPath(host)].some((path) => isAtOrBelow(this.#home, path))
    );
    if (shown === undefined) return;
    const elsewhere = isBinary()
      ? "let the program keep its files elsewhere (TMPDIR)"
      : this.manifest.root === "."
      ? "start the program in a directory that they are not in, or move their folder"
      : "move their folder";
    throw new CapabilityError({
      asked: `a look at the program's own files in ${this.#home}, which the mount of ${shown.host} at ` +
        `${shown.guest} (${holder}) would show,`,
      allowed: [],
      wall: "link",
      hint: `mount another directory, or ${elsewhere}`,
    });
  }

  /**
   * Gives up all permissions but a scope's.
   *
   * @returns What remains beside it: a sentence for each.
   * @throws {CompartmentError} If that did not work.
   */
  narrow(to: Scope): readonly string[] {
    const { ffi, ...lists } = this.permissions;
    const had: Scope = {
      ...NOTHING,
      ...lists,
      read: [...lists.read, this.#home],
      // Nothing is compiled in that keeps it.
      ffi: ffi ? ["native code"] : [],
    };
    return narrow(had, to);
  }

  /**
   * What is left to do in the process of a guest: its module is read, and everything given up that the guest is not granted.
   * Nothing of the module is looked at before.
   */
  async prepare(spec: GuestSpec): Promise<GuestSpec> {
    this.#checkGrant(spec.grant);
    const bytes = spec.bytes ?? await this.#module(spec.file);
    this.narrow(grantedBy(spec));
    return { ...spec, bytes };
  }

  /** Another process may see its files elsewhere than this one. */
  async #module(file: string): Promise<Uint8Array<ArrayBuffer>> {
    const name = file.slice(file.lastIndexOf("/") + 1);
    if (!Object.values(this.manifest.modules).includes(`${FOLDERS.modules}/${name}`)) {
      throw new CompartmentError(`${file} is no module of this program`);
    }
    return await Deno.readFile(this.#at(`${FOLDERS.modules}/${name}`));
  }

  #at(file: string): string {
    return `${this.#home}/${file}`;
  }

  #guests(): GuestProgram {
    const { run } = this.permissions;
    const role = (name: Role) => [...this.#words(), ROLE + name];
    return {
      path: run[0] ?? Deno.execPath(),
      args: (mode) => role(`guest-${mode}`),
      launcher: role("launch"),
      sources: isBinary() ? [] : [this.#home],
    };
  }

  /** What stands between the program that is executed and the words that it is told: nothing, in a binary. */
  #words(): string[] {
    if (isBinary()) return [];
    const flags = flagsOfPermissions(this.manifest.permissions);
    return ["run", ...QUIET, ...flags, `--allow-read=${this.#home}`, this.#at("main.js")];
  }
}

/** Whether this process is a binary, and not the `deno run` of a staged program. */
function isBinary(): boolean {
  return Deno.build.standalone;
}
