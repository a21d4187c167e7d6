// UDP, one call at a time: each word, or with `-` each line of standard input, is a step, `slot verb [arguments]`;
// slots are letters. `echo N` sends N datagrams back to where they came from; `flood N SIZE [ADDRESS]` sends as many.
#include "net.h"
#include "network.h"

#define SOCKET(name) wasi_sockets_udp_method_udp_socket_##name
#define INCOMING(name) wasi_sockets_udp_method_incoming_datagram_stream_##name
#define OUTGOING(name) wasi_sockets_udp_method_outgoing_datagram_stream_##name

typedef wasi_sockets_udp_borrow_udp_socket_t borrow_socket;
typedef wasi_sockets_udp_borrow_incoming_datagram_stream_t borrow_incoming;
typedef wasi_sockets_udp_borrow_outgoing_datagram_stream_t borrow_outgoing;
typedef wasi_sockets_udp_outgoing_datagram_t datagram;

// A handle is 0 where there is none.
typedef struct {
  wasi_sockets_udp_own_udp_socket_t socket;
  wasi_sockets_udp_own_incoming_datagram_stream_t incoming;
  wasi_sockets_udp_own_outgoing_datagram_stream_t outgoing;
} slot;

static slot slots[26];

static borrow_socket socket_of(slot *s) { return wasi_sockets_udp_borrow_udp_socket(s->socket); }
static borrow_incoming incoming_of(slot *s) { return wasi_sockets_udp_borrow_incoming_datagram_stream(s->incoming); }
static borrow_outgoing outgoing_of(slot *s) { return wasi_sockets_udp_borrow_outgoing_datagram_stream(s->outgoing); }

static void drop_streams(slot *s) {
  if (s->incoming.__handle != 0) wasi_sockets_udp_incoming_datagram_stream_drop_own(s->incoming);
  if (s->outgoing.__handle != 0) wasi_sockets_udp_outgoing_datagram_stream_drop_own(s->outgoing);
  s->incoming.__handle = s->outgoing.__handle = 0;
}

static void drop_socket(slot *s) {
  if (s->socket.__handle != 0) wasi_sockets_udp_udp_socket_drop_own(s->socket);
  s->socket.__handle = 0;
}

static const char *create(slot *s, bool is_six) {
  error_code error = 0;
  bool ok = wasi_sockets_udp_create_socket_create_udp_socket(is_six, &s->socket, &error);
  if (!ok) s->socket.__handle = 0;
  return outcome(ok, error);
}

static const char *bind_to(slot *s, socket_address address) {
  error_code error = 0;
  if (!SOCKET(start_bind)(socket_of(s), network(), &address, &error)) return ERROR_CODES[error];
  while (!SOCKET(finish_bind)(socket_of(s), &error)) {
    if (error != WASI_SOCKETS_NETWORK_ERROR_CODE_WOULD_BLOCK) return ERROR_CODES[error];
    wait_for(SOCKET(subscribe)(socket_of(s)));
  }
  return "ok";
}

// To an address, or with NULL to any. What streams there were stay the guest's, as they are; `drop-streams` drops them.
static const char *stream(slot *s, char *word) {
  wasi_sockets_udp_tuple2_own_incoming_datagram_stream_own_outgoing_datagram_stream_t streams;
  error_code error = 0;
  socket_address address;
  if (word != NULL) address = address_of(word);
  if (!SOCKET(stream)(socket_of(s), word == NULL ? NULL : &address, &streams, &error)) return ERROR_CODES[error];
  s->incoming = streams.f0;
  s->outgoing = streams.f1;
  return "ok";
}

// Waits until the stream takes at least one.
static bool may_send(slot *s, uint64_t *most, error_code *error) {
  while (OUTGOING(check_send)(outgoing_of(s), most, error)) {
    if (*most > 0) return true;
    wait_for(OUTGOING(subscribe)(outgoing_of(s)));
  }
  return false;
}

static void print_count(bool ok, uint64_t count, error_code error) {
  if (ok) printf("%llu", count);
  else printf("%s", ERROR_CODES[error]);
}

static datagram datagram_to(const char *to, uint8_t *bytes, size_t length) {
  datagram d = {.data = {bytes, length}};
  d.remote_address.is_some = strcmp(to, "any") != 0;
  if (d.remote_address.is_some) d.remote_address.val = address_of(to);
  return d;
}

// `send ADDRESS|any TEXT`, `send-size ADDRESS|any BYTES`, `send-many ADDRESS|any N` numbered ones in one call.
static void send_some(slot *s, const char *verb, char *words) {
  static uint8_t zeros[1 << 20];
  if (s->outgoing.__handle == 0) {
    printf("no stream");
    return;
  }
  char *rest = strchr(words, ' ');
  *rest++ = 0;
  uint64_t most = 0, count = 0;
  error_code error = 0;
  size_t number = strcmp(verb, "send-many") == 0 ? atoi(rest) : 1;
  datagram *all = calloc(number, sizeof *all);
  char(*numbers)[8] = calloc(number, sizeof *numbers);
  for (size_t i = 0; i < number; i++) {
    snprintf(numbers[i], sizeof numbers[i], "%zu", i);
    char *text = strcmp(verb, "send-many") == 0 ? numbers[i] : rest;
    all[i] = strcmp(verb, "send-size") == 0 ? datagram_to(words, zeros, atoi(rest))
                                            : datagram_to(words, (uint8_t *)text, strlen(text));
  }
  wasi_sockets_udp_list_outgoing_datagram_t list = {all, number};
  bool ok = may_send(s, &most, &error) && OUTGOING(send)(outgoing_of(s), &list, &count, &error);
  print_count(ok, count, error);
  free(all);
  free(numbers);
}

static bool receive(slot *s, uint64_t most, wasi_sockets_udp_list_incoming_datagram_t *list, error_code *error) {
  return INCOMING(receive)(incoming_of(s), most, list, error);
}

static void print_received(slot *s, uint64_t most) {
  wasi_sockets_udp_list_incoming_datagram_t list;
  error_code error;
  if (!receive(s, most, &list, &error)) {
    printf("%s", ERROR_CODES[error]);
    return;
  }
  printf("%zu", list.len);
  for (size_t i = 0; i < list.len && i < 8; i++) {
    printf(" %s ", address_text(list.ptr[i].remote_address));
    print_bytes(list.ptr[i].data.ptr, list.ptr[i].data.len);
  }
  wasi_sockets_udp_list_incoming_datagram_free(&list);
}

static void echo(slot *s, uint64_t number) {
  for (uint64_t done = 0; done < number;) {
    wasi_sockets_udp_list_incoming_datagram_t list;
    error_code error = 0;
    uint64_t most;
    if (!receive(s, 16, &list, &error)) {
      printf("%s", ERROR_CODES[error]);
      return;
    }
    if (list.len == 0) wait_for(INCOMING(subscribe)(incoming_of(s)));
    for (size_t i = 0; i < list.len; i++) {
      datagram back = {.data = list.ptr[i].data, .remote_address = {true, list.ptr[i].remote_address}};
      wasi_sockets_udp_list_outgoing_datagram_t one = {&back, 1};
      uint64_t count;
      if (!may_send(s, &most, &error) || !OUTGOING(send)(outgoing_of(s), &one, &count, &error)) {
        printf("%s", ERROR_CODES[error]);
        return;
      }
      done++;
    }
    wasi_sockets_udp_list_incoming_datagram_free(&list);
  }
  printf("%llu", number);
}

// `N SIZE [ADDRESS]`
static void flood(slot *s, char *words) {
  static uint8_t zeros[65536];
  static datagram all[64];
  char *size = strchr(words, ' ') + 1, *to = strchr(size, ' ');
  uint64_t number = strtoull(words, NULL, 10), sent = 0, most = 0, count = 0;
  error_code error = 0;
  for (int i = 0; i < 64; i++) all[i] = datagram_to(to == NULL ? "any" : to + 1, zeros, atoi(size));
  while (sent < number) {
    if (!may_send(s, &most, &error)) break;
    if (most > 64) most = 64;
    if (most > number - sent) most = number - sent;
    wasi_sockets_udp_list_outgoing_datagram_t list = {all, most};
    if (!OUTGOING(send)(outgoing_of(s), &list, &count, &error)) break;
    sent += count;
  }
  printf("%llu", sent);
  if (sent < number) printf(", %s", ERROR_CODES[error]);
}

static bool option(slot *s, const char *verb, const char *word) {
  error_code error = 0;
  uint64_t number = word == NULL ? 0 : strtoull(word, NULL, 10);
#define OPTION(text, name, type) \
  if (strcmp(verb, text) == 0) { \
    type value = number; \
    if (word == NULL) { \
      bool ok = SOCKET(name)(socket_of(s), &value, &error); \
      print_count(ok, value, error); \
    } else { \
      bool ok = SOCKET(set_##name)(socket_of(s), value, &error); \
      printf("%s", outcome(ok, error)); \
    } \
    return true; \
  }
  OPTION("unicast-hop-limit", unicast_hop_limit, uint8_t)
  OPTION("receive-buffer-size", receive_buffer_size, uint64_t)
  OPTION("send-buffer-size", send_buffer_size, uint64_t)
#undef OPTION
  return false;
}

static bool verb(slot *s, const char *verb, char *word) {
  error_code error = 0;
  socket_address address;
  uint64_t count = word == NULL ? 0 : strtoull(word, NULL, 10);
  bool ok;
#define IS(text) (strcmp(verb, text) == 0)
  if (IS("create")) return printf("%s", create(s, strcmp(word, "6") == 0));
  if (IS("bind")) return printf("%s", bind_to(s, address_of(word)));
  if (IS("stream")) return printf("%s", stream(s, word));
  if (IS("start-bind")) {
    address = address_of(word);
    ok = SOCKET(start_bind)(socket_of(s), network(), &address, &error);
    return printf("%s", outcome(ok, error));
  }
  if (IS("finish-bind")) {
    ok = SOCKET(finish_bind)(socket_of(s), &error);
    return printf("%s", outcome(ok, error));
  }
  if (IS("local-address") || IS("remote-address")) {
    ok = IS("local-address") ? SOCKET(local_address)(socket_of(s), &address, &error)
                             : SOCKET(remote_address)(socket_of(s), &address, &error);
    return printf("%s", ok ? address_text(address) : ERROR_CODES[error]);
  }
  if (IS("address-family")) return printf("%s", SOCKET(address_family)(socket_of(s)) ? "ipv6" : "ipv4");
  if (IS("check-send")) {
    ok = OUTGOING(check_send)(outgoing_of(s), &count, &error);
    return print_count(ok, count, error), true;
  }
  if (IS("send") || IS("send-size") || IS("send-many")) return send_some(s, verb, word), true;
  if (IS("send-unchecked")) {
    datagram one = datagram_to(word, (uint8_t *)"unchecked", 9);
    wasi_sockets_udp_list_outgoing_datagram_t list = {&one, 1};
    ok = OUTGOING(send)(outgoing_of(s), &list, &count, &error);
    return print_count(ok, count, error), true;
  }
  if (IS("receive")) return print_received(s, count), true;
  if (IS("await-receive")) return wait_for(INCOMING(subscribe)(incoming_of(s))), print_received(s, count), true;
  if (IS("receive-ready")) return printf("%s", is_ready(INCOMING(subscribe)(incoming_of(s))) ? "true" : "false");
  if (IS("send-ready")) return printf("%s", is_ready(OUTGOING(subscribe)(outgoing_of(s))) ? "true" : "false");
  if (IS("ready")) return printf("%s", is_ready(SOCKET(subscribe)(socket_of(s))) ? "true" : "false");
  if (IS("wait")) return wait_for(SOCKET(subscribe)(socket_of(s))), printf("ok");
  if (IS("echo")) return echo(s, count), true;
  if (IS("flood")) return flood(s, word), true;
  if (IS("drop-streams")) return drop_streams(s), printf("ok");
  if (IS("drop-socket")) return drop_socket(s), printf("ok");
  if (IS("drop")) return drop_streams(s), drop_socket(s), printf("ok");
  if (IS("hoard")) {
    // As many sockets as there are, up to so many, which stay open.
    uint64_t number = 0;
    const char *result = "ok";
    for (slot one; number < count && strcmp(result = create(&one, false), "ok") == 0;) number++;
    return printf("%llu, then %s", number, result);
  }
  return option(s, verb, word);
}

static void step(char *text) {
  char copy[4096];
  snprintf(copy, sizeof copy, "%s", text + 2);
  char *word = strchr(copy, ' ');
  if (word != NULL) *word++ = 0;
  if (!verb(&slots[(text[0] - 'a') % 26], copy, word)) printf("no such verb");
}

int program(int argc, char **argv) {
  return each_step(argc - 1, argv + 1, step);
}
