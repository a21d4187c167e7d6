/**
 * A service that could not be started.
 *
 * @module
 */

/** A service could not be started, for a reason that lies in no file: it took too long, or what it requires did not start. */
export class ServiceError extends Error {
  /** Always `ServiceError`. */
  override readonly name = "ServiceError";
  /** Always `service`. */
  readonly code = "service";
}
