/**
 * What goes wrong in TLS, by the codes of `node:tls`.
 *
 * @see https://www.rfc-editor.org/rfc/rfc8446#section-6
 * @module
 */
import type { ErrorCode } from "./types.ts";

/** `AlertDescription`. */
const ALERTS: Readonly<Record<string, number>> = {
  close_notify: 0,
  unexpected_message: 10,
  bad_record_mac: 20,
  decryption_failed: 21,
  record_overflow: 22,
  decompression_failure: 30,
  handshake_failure: 40,
  no_certificate: 41,
  bad_certificate: 42,
  unsupported_certificate: 43,
  certificate_revoked: 44,
  certificate_expired: 45,
  certificate_unknown: 46,
  illegal_parameter: 47,
  unknown_ca: 48,
  access_denied: 49,
  decode_error: 50,
  decrypt_error: 51,
  export_restriction: 60,
  protocol_version: 70,
  insufficient_security: 71,
  internal_error: 80,
  inappropriate_fallback: 86,
  user_canceled: 90,
  no_renegotiation: 100,
  missing_extension: 109,
  unsupported_extension: 110,
  certificate_unobtainable: 111,
  unrecognised_name: 112,
  unrecognized_name: 112,
  bad_certificate_status_response: 113,
  bad_certificate_hash_value: 114,
  unknown_psk_identity: 115,
  certificate_required: 116,
  no_application_protocol: 120,
};

/** What `node:tls` calls a certificate that it does not accept: the names of OpenSSL, and its own. */
const CERTIFICATE =
  /^(CERT_|UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_|CRL_|ERROR_IN_C|INVALID_CA$|INVALID_PURPOSE$|PATH_LENGTH_EXCEEDED$|HOSTNAME_MISMATCH$|ERR_TLS_CERT_)/;

/** What an error of a TLS connection means; `undefined` where it is none of TLS. */
export function tlsErrorCode(error: Error & { readonly code?: unknown }): ErrorCode | undefined {
  const alert = /received fatal alert: (\w+)/.exec(error.message)?.[1];
  if (alert !== undefined) {
    const name = alert.replaceAll(/(?<=[a-z])(?=[A-Z])/g, "_").toLowerCase();
    const id = Object.hasOwn(ALERTS, name) ? ALERTS[name] : undefined;
    return {
      tag: "TLS-alert-received",
      val: id === undefined ? {} : { alertId: id, alertMessage: name.replaceAll("_", " ") },
    };
  }
  if (typeof error.code !== "string") return undefined;
  if (CERTIFICATE.test(error.code)) return { tag: "TLS-certificate-error" };
  return /^ERR_(SSL|TLS)_/.test(error.code) ? { tag: "TLS-protocol-error" } : undefined;
}
