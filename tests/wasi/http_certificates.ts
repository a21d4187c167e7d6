import assert from "node:assert/strict";

/** A directory of certificates, made for one test by openssl: good, wrong, expired, and alone, which nobody signed. */
export class Certificates implements Disposable {
  readonly #directory = Deno.makeTempDirSync();

  constructor() {
    this.#key("ca");
    this.#openssl("req", "-x509", "-key", "ca.key", "-days", "2", "-subj", "/CN=Test", "-out", "ca.pem");
    this.#issue("good", "DNS:localhost,IP:127.0.0.1,IP:::1", "2");
    this.#issue("wrong", "DNS:other.example,DNS:*.localhost", "2");
    this.#issue("expired", "DNS:localhost,IP:127.0.0.1", "-1");
    this.#key("alone");
    const subject = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"];
    this.#openssl("req", "-x509", "-key", "alone.key", "-days", "2", ...subject, "-out", "alone.pem");
  }

  path(name: string): string {
    return `${this.#directory}/${name}`;
  }

  #key(name: string): void {
    this.#openssl("ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", `${name}.key`);
  }

  #issue(name: string, names: string, days: string): void {
    this.#key(name);
    this.#openssl("req", "-new", "-key", `${name}.key`, "-subj", `/CN=${name}`, "-out", `${name}.csr`);
    Deno.writeTextFileSync(this.path(`${name}.ext`), `subjectAltName=${names}\n`);
    const by = ["-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-extfile", `${name}.ext`];
    this.#openssl("x509", "-req", "-in", `${name}.csr`, ...by, "-days", days, "-out", `${name}.pem`);
  }

  #openssl(...args: string[]): void {
    const { success, stderr } = new Deno.Command("openssl", { args, cwd: this.#directory }).outputSync();
    assert.ok(success, new TextDecoder().decode(stderr));
  }

  [Symbol.dispose](): void {
    Deno.removeSync(this.#directory, { recursive: true });
  }
}
