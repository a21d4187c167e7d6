// What the programs that use sockets share: addresses and error codes as text, and steps. To be included after the
// bindings of a world called `net`.
#pragma once
#include <arpa/inet.h>
#include "pollables.h"

typedef wasi_sockets_network_error_code_t error_code;
typedef wasi_sockets_network_ip_address_t ip_address;
typedef wasi_sockets_network_ip_socket_address_t socket_address;

static const char *const ERROR_CODES[] = {
    "unknown", "access-denied", "not-supported", "invalid-argument", "out-of-memory", "timeout", "concurrency-conflict",
    "not-in-progress", "would-block", "invalid-state", "new-socket-limit", "address-not-bindable", "address-in-use",
    "remote-unreachable", "connection-refused", "connection-reset", "connection-aborted", "datagram-too-large",
    "name-unresolvable", "temporary-resolver-failure", "permanent-resolver-failure",
};

// The one network there is.
static inline wasi_sockets_network_borrow_network_t network(void) {
  static wasi_sockets_network_own_network_t own;
  if (own.__handle == 0) own = wasi_sockets_instance_network_instance_network();
  return wasi_sockets_network_borrow_network(own);
}

static inline ip_address ip_of(const uint8_t *bytes, bool is_six) {
  ip_address ip = {.tag = is_six};
  if (is_six) {
    uint16_t *part = &ip.val.ipv6.f0;
    for (int i = 0; i < 8; i++) part[i] = bytes[2 * i] << 8 | bytes[2 * i + 1];
  } else {
    memcpy(&ip.val.ipv4, bytes, 4);
  }
  return ip;
}

static inline socket_address with_port(ip_address ip, uint16_t port) {
  socket_address address = {.tag = ip.tag};
  if (ip.tag == WASI_SOCKETS_NETWORK_IP_ADDRESS_IPV6) {
    address.val.ipv6.port = port;
    address.val.ipv6.address = ip.val.ipv6;
  } else {
    address.val.ipv4.port = port;
    address.val.ipv4.address = ip.val.ipv4;
  }
  return address;
}

// `127.0.0.1:80`, `[::1]:80`, `[fe80::1%2]:80` with a scope.
static inline socket_address address_of(const char *text) {
  char host[64] = "";
  uint8_t bytes[16];
  const char *colon = strrchr(text, ':');
  bool is_six = text[0] == '[';
  if (colon != NULL && colon - text - 2 * is_six < (long)sizeof host) {
    memcpy(host, text + is_six, colon - text - 2 * is_six);
    char *scope = strchr(host, '%');
    if (scope != NULL) *scope++ = 0;
    if (inet_pton(is_six ? AF_INET6 : AF_INET, host, bytes) == 1) {
      socket_address address = with_port(ip_of(bytes, is_six), atoi(colon + 1));
      if (scope != NULL) address.val.ipv6.scope_id = atoi(scope);
      return address;
    }
  }
  printf("not an address: %s\n", text);
  exit(2);
}

static inline const char *ip_text(ip_address ip) {
  static char text[INET6_ADDRSTRLEN];
  uint8_t bytes[16];
  const uint16_t *part = &ip.val.ipv6.f0;
  if (ip.tag == WASI_SOCKETS_NETWORK_IP_ADDRESS_IPV4) return inet_ntop(AF_INET, &ip.val.ipv4, text, sizeof text);
  for (int i = 0; i < 8; i++) bytes[2 * i] = part[i] >> 8, bytes[2 * i + 1] = part[i] & 255;
  return inet_ntop(AF_INET6, bytes, text, sizeof text);
}

static inline const char *address_text(socket_address address) {
  static char text[INET6_ADDRSTRLEN + 10];
  ip_address ip = {.tag = address.tag};
  if (address.tag == WASI_SOCKETS_NETWORK_IP_SOCKET_ADDRESS_IPV4) {
    ip.val.ipv4 = address.val.ipv4.address;
    snprintf(text, sizeof text, "%s:%u", ip_text(ip), address.val.ipv4.port);
  } else {
    ip.val.ipv6 = address.val.ipv6.address;
    snprintf(text, sizeof text, "[%s]:%u", ip_text(ip), address.val.ipv6.port);
  }
  return text;
}

// A result as text: "ok", or the name of the error.
static inline const char *outcome(bool succeeded, error_code code) {
  return succeeded ? "ok" : ERROR_CODES[code];
}

// Calls `step` with each word, or with `-` among them with each line of standard input, and flushes what it prints.
static inline int each_step(int argc, char **argv, void (*step)(char *)) {
  static char line[4096];
  for (int i = 0; i < argc; i++) {
    if (strcmp(argv[i], "-") != 0) {
      printf("%s: ", argv[i]);
      step(argv[i]);
      putchar('\n');
      fflush(stdout);
      continue;
    }
    while (fgets(line, sizeof line, stdin) != NULL) {
      line[strcspn(line, "\n")] = 0;
      step(line);
      putchar('\n');
      fflush(stdout);
    }
  }
  return 0;
}
