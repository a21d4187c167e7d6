/**
 * The functions of `wasi:http`, as `signatures.ts` describes.
 *
 * @see https://github.com/WebAssembly/wasi-http
 * @module
 */

const METHOD = "variant { get, head, post, put, delete, connect, options, trace, patch, other(string) }";
const SCHEME = "variant { HTTP, HTTPS, other(string) }";
const HEADER_ERROR = "variant { invalid-syntax, forbidden, immutable }";
const ERROR_CODE =
  "variant { DNS-timeout, DNS-error(record { rcode: option<string>, info-code: option<u16> }), destination-not-found, destination-unavailable, destination-IP-prohibited, destination-IP-unroutable, connection-refused, connection-terminated, connection-timeout, connection-read-timeout, connection-write-timeout, connection-limit-reached, TLS-protocol-error, TLS-certificate-error, TLS-alert-received(record { alert-id: option<u8>, alert-message: option<string> }), HTTP-request-denied, HTTP-request-length-required, HTTP-request-body-size(option<u64>), HTTP-request-method-invalid, HTTP-request-URI-invalid, HTTP-request-URI-too-long, HTTP-request-header-section-size(option<u32>), HTTP-request-header-size(option<record { field-name: option<string>, field-size: option<u32> }>), HTTP-request-trailer-section-size(option<u32>), HTTP-request-trailer-size(record { field-name: option<string>, field-size: option<u32> }), HTTP-response-incomplete, HTTP-response-header-section-size(option<u32>), HTTP-response-header-size(record { field-name: option<string>, field-size: option<u32> }), HTTP-response-body-size(option<u64>), HTTP-response-trailer-section-size(option<u32>), HTTP-response-trailer-size(record { field-name: option<string>, field-size: option<u32> }), HTTP-response-transfer-coding(option<string>), HTTP-response-content-coding(option<string>), HTTP-response-timeout, HTTP-upgrade-failed, HTTP-protocol-error, loop-detected, configuration-error, internal-error(option<string>) }";

/** Signatures by interface and function. */
export const HTTP_SIGNATURES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "wasi:http/types": {
    "[constructor]fields": "func() -> fields",
    "[static]fields.from-list":
      `func(entries: list<tuple<string, list<u8>>>) -> result<fields, ${HEADER_ERROR}>`,
    "[method]fields.get": "func(self: borrow<fields>, name: string) -> list<list<u8>>",
    "[method]fields.has": "func(self: borrow<fields>, name: string) -> bool",
    "[method]fields.set":
      `func(self: borrow<fields>, name: string, value: list<list<u8>>) -> result<_, ${HEADER_ERROR}>`,
    "[method]fields.delete": `func(self: borrow<fields>, name: string) -> result<_, ${HEADER_ERROR}>`,
    "[method]fields.append":
      `func(self: borrow<fields>, name: string, value: list<u8>) -> result<_, ${HEADER_ERROR}>`,
    "[method]fields.entries": "func(self: borrow<fields>) -> list<tuple<string, list<u8>>>",
    "[method]fields.clone": "func(self: borrow<fields>) -> fields",
    "[method]incoming-request.method": `func(self: borrow<incoming-request>) -> ${METHOD}`,
    "[method]incoming-request.path-with-query": "func(self: borrow<incoming-request>) -> option<string>",
    "[method]incoming-request.scheme": `func(self: borrow<incoming-request>) -> option<${SCHEME}>`,
    "[method]incoming-request.authority": "func(self: borrow<incoming-request>) -> option<string>",
    "[method]incoming-request.headers": "func(self: borrow<incoming-request>) -> headers",
    "[method]incoming-request.consume": "func(self: borrow<incoming-request>) -> result<incoming-body>",
    "[constructor]outgoing-request": "func(headers: headers) -> outgoing-request",
    "[method]outgoing-request.body": "func(self: borrow<outgoing-request>) -> result<outgoing-body>",
    "[method]outgoing-request.method": `func(self: borrow<outgoing-request>) -> ${METHOD}`,
    "[method]outgoing-request.set-method":
      `func(self: borrow<outgoing-request>, method: ${METHOD}) -> result`,
    "[method]outgoing-request.path-with-query": "func(self: borrow<outgoing-request>) -> option<string>",
    "[method]outgoing-request.set-path-with-query":
      "func(self: borrow<outgoing-request>, path-with-query: option<string>) -> result",
    "[method]outgoing-request.scheme": `func(self: borrow<outgoing-request>) -> option<${SCHEME}>`,
    "[method]outgoing-request.set-scheme":
      `func(self: borrow<outgoing-request>, scheme: option<${SCHEME}>) -> result`,
    "[method]outgoing-request.authority": "func(self: borrow<outgoing-request>) -> option<string>",
    "[method]outgoing-request.set-authority":
      "func(self: borrow<outgoing-request>, authority: option<string>) -> result",
    "[method]outgoing-request.headers": "func(self: borrow<outgoing-request>) -> headers",
    "[constructor]request-options": "func() -> request-options",
    "[method]request-options.connect-timeout": "func(self: borrow<request-options>) -> option<u64>",
    "[method]request-options.set-connect-timeout":
      "func(self: borrow<request-options>, duration: option<u64>) -> result",
    "[method]request-options.first-byte-timeout": "func(self: borrow<request-options>) -> option<u64>",
    "[method]request-options.set-first-byte-timeout":
      "func(self: borrow<request-options>, duration: option<u64>) -> result",
    "[method]request-options.between-bytes-timeout": "func(self: borrow<request-options>) -> option<u64>",
    "[method]request-options.set-between-bytes-timeout":
      "func(self: borrow<request-options>, duration: option<u64>) -> result",
    "[method]response-outparam.send-informational":
      `func(self: borrow<response-outparam>, status: u16, headers: headers) -> result<_, ${ERROR_CODE}>`,
    "[static]response-outparam.set":
      `func(param: response-outparam, response: result<outgoing-response, ${ERROR_CODE}>)`,
    "[method]incoming-response.status": "func(self: borrow<incoming-response>) -> u16",
    "[method]incoming-response.headers": "func(self: borrow<incoming-response>) -> headers",
    "[method]incoming-response.consume": "func(self: borrow<incoming-response>) -> result<incoming-body>",
    "[method]incoming-body.stream": "func(self: borrow<incoming-body>) -> result<input-stream>",
    "[static]incoming-body.finish": "func(this: incoming-body) -> future-trailers",
    "[method]future-trailers.subscribe": "func(self: borrow<future-trailers>) -> pollable",
    "[method]future-trailers.get":
      `func(self: borrow<future-trailers>) -> option<result<result<option<trailers>, ${ERROR_CODE}>>>`,
    "[constructor]outgoing-response": "func(headers: headers) -> outgoing-response",
    "[method]outgoing-response.status-code": "func(self: borrow<outgoing-response>) -> u16",
    "[method]outgoing-response.set-status-code":
      "func(self: borrow<outgoing-response>, status-code: u16) -> result",
    "[method]outgoing-response.headers": "func(self: borrow<outgoing-response>) -> headers",
    "[method]outgoing-response.body": "func(self: borrow<outgoing-response>) -> result<outgoing-body>",
    "[method]outgoing-body.write": "func(self: borrow<outgoing-body>) -> result<output-stream>",
    "[static]outgoing-body.finish":
      `func(this: outgoing-body, trailers: option<trailers>) -> result<_, ${ERROR_CODE}>`,
    "[method]future-incoming-response.subscribe": "func(self: borrow<future-incoming-response>) -> pollable",
    "[method]future-incoming-response.get":
      `func(self: borrow<future-incoming-response>) -> option<result<result<incoming-response, ${ERROR_CODE}>>>`,
    "http-error-code": `func(err: borrow<io-error>) -> option<${ERROR_CODE}>`,
  },
  "wasi:http/outgoing-handler": {
    "handle":
      `func(request: outgoing-request, options: option<request-options>) -> result<future-incoming-response, ${ERROR_CODE}>`,
  },
};
