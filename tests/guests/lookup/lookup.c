// Looking names up:
//   NAME…             one after the other; for each a line with its addresses, or the name of the error
//   at-once NAME…     all at once
//   drop N NAME       begins N lookups and drops them, then does one to its end
#include "net.h"
#include "network.h"

#define LOOKUP(name) wasi_sockets_ip_name_lookup_##name
#define STREAM(name) wasi_sockets_ip_name_lookup_method_resolve_address_stream_##name

typedef wasi_sockets_ip_name_lookup_own_resolve_address_stream_t own_stream;

static bool begin(const char *name, own_stream *stream) {
  error_code error;
  net_string_t text = {(uint8_t *)name, strlen(name)};
  if (LOOKUP(resolve_addresses)(network(), &text, stream, &error)) return true;
  printf("%s: %s (at once)\n", name, ERROR_CODES[error]);
  return false;
}

static void finish(const char *name, own_stream stream) {
  wasi_sockets_ip_name_lookup_borrow_resolve_address_stream_t s = LOOKUP(borrow_resolve_address_stream)(stream);
  wasi_sockets_ip_name_lookup_option_ip_address_t next;
  error_code error;
  printf("%s:", name);
  for (;;) {
    if (STREAM(resolve_next_address)(s, &next, &error)) {
      if (!next.is_some) break;
      printf(" %s", ip_text(next.val));
    } else if (error == WASI_SOCKETS_NETWORK_ERROR_CODE_WOULD_BLOCK) {
      wait_for(STREAM(subscribe)(s));
    } else {
      printf(" %s", ERROR_CODES[error]);
      break;
    }
  }
  // Asked again, it says the same again.
  if (STREAM(resolve_next_address)(s, &next, &error) ? next.is_some
                                                     : error == WASI_SOCKETS_NETWORK_ERROR_CODE_WOULD_BLOCK) {
    printf(" and more after its end");
  }
  printf("\n");
  fflush(stdout);
  LOOKUP(resolve_address_stream_drop_own)(stream);
}

static int at_once(int number, char **names) {
  own_stream *streams = calloc(number, sizeof *streams);
  bool *begun = calloc(number, sizeof *begun);
  for (int i = 0; i < number; i++) begun[i] = begin(names[i], &streams[i]);
  for (int i = 0; i < number; i++) {
    if (begun[i]) finish(names[i], streams[i]);
  }
  return 0;
}

static int drop(int number, const char *name) {
  own_stream stream;
  for (int i = 0; i < number; i++) {
    if (!begin(name, &stream)) return 1;
    LOOKUP(resolve_address_stream_drop_own)(stream);
  }
  if (begin(name, &stream)) finish(name, stream);
  return 0;
}

int program(int argc, char **argv) {
  if (argc > 2 && strcmp(argv[1], "at-once") == 0) return at_once(argc - 2, argv + 2);
  if (argc == 4 && strcmp(argv[1], "drop") == 0) return drop(atoi(argv[2]), argv[3]);
  for (int i = 1; i < argc; i++) {
    own_stream stream;
    if (begin(argv[i], &stream)) finish(argv[i], stream);
  }
  return 0;
}
