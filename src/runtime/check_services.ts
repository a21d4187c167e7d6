/**
 * What keeps the `http.service` entries of an application from being served, as far as it can be known without running
 * anything: patterns in conflict, middleware that is not there, options that are none.
 *
 * @module
 */
import { Issues } from "../config/issue.ts";
import type { Registry } from "../registry/registry.ts";
import { overlay, planService } from "./app_plan.ts";
import type { Finding } from "./check.ts";

/** Everything found about the services, in the order of the files. */
export function checkServices(registry: Registry): Finding[] {
  const issues = new Issues();
  for (const entry of registry.entries()) {
    if (entry.kind !== "http.service") continue;
    planService(registry, entry, issues);
    if (entry.network === undefined) continue;
    if (entry.lifecycle.autoStart) issues.error("unsupported", entry.where.network, overlay(entry));
    else issues.warn("unsupported", entry.where.network, overlay(entry));
  }
  return issues.sorted().map(({ file, line, column, message, severity }) => ({
    at: { file, line, column },
    message,
    severity,
  }));
}
