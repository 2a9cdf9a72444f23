#pragma once
#include <microhttpd.h>
#include <string.h>

// Paths and queries stay as they were sent: each segment is decoded by itself.
static size_t lifecycle_http_leave_escaped(void *context, struct MHD_Connection *connection, char *text) {
  (void)context;
  (void)connection;
  return strlen(text);
}

struct lifecycle_http_settings {
  const struct sockaddr *address;
  // Zero-terminated PEM, both or neither.
  const char *certificate;
  const char *key;
  unsigned connections;
  // Seconds without a byte.
  unsigned idle;
  size_t memory;
};

struct lifecycle_http_callbacks {
  MHD_AccessHandlerCallback access;
  MHD_RequestCompletedCallback completed;
  MHD_NotifyConnectionCallback connection;
  void *context;
};

// MHD_start_daemon takes a variable number of arguments, which Swift cannot pass.
static inline struct MHD_Daemon *lifecycle_http_start(
    struct lifecycle_http_settings settings, struct lifecycle_http_callbacks callbacks) {
  struct MHD_OptionItem tls[] = {
      {MHD_OPTION_HTTPS_MEM_CERT, 0, (void *)settings.certificate},
      {MHD_OPTION_HTTPS_MEM_KEY, 0, (void *)settings.key},
      {MHD_OPTION_HTTPS_PRIORITIES, 0, (void *)"NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2"},
      {MHD_OPTION_END, 0, 0}};
  struct MHD_OptionItem none[] = {{MHD_OPTION_END, 0, 0}};
  unsigned flags = MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME;
  if (settings.certificate) flags |= MHD_USE_TLS;
  if (settings.address->sa_family == AF_INET6) flags |= MHD_USE_IPv6;
  return MHD_start_daemon(
      flags, 0, 0, 0, callbacks.access, callbacks.context, MHD_OPTION_SOCK_ADDR, settings.address,
      MHD_OPTION_CONNECTION_LIMIT, settings.connections, MHD_OPTION_CONNECTION_TIMEOUT, settings.idle,
      MHD_OPTION_CONNECTION_MEMORY_LIMIT, settings.memory, MHD_OPTION_STRICT_FOR_CLIENT, 1,
      MHD_OPTION_NOTIFY_COMPLETED, callbacks.completed, callbacks.context, MHD_OPTION_NOTIFY_CONNECTION,
      callbacks.connection, callbacks.context, MHD_OPTION_UNESCAPE_CALLBACK, lifecycle_http_leave_escaped, (void *)0,
      MHD_OPTION_ARRAY, settings.certificate ? tls : none, MHD_OPTION_END);
}

static inline uint16_t lifecycle_http_port(struct MHD_Daemon *daemon) {
  return MHD_get_daemon_info(daemon, MHD_DAEMON_INFO_BIND_PORT)->port;
}

static inline int lifecycle_http_socket(struct MHD_Connection *connection) {
  return MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD)->connect_fd;
}

// A stream is silent for as long as nothing happens; MHD_set_connection_option is variadic too.
static inline void lifecycle_http_wait_for_ever(struct MHD_Connection *connection) {
  MHD_set_connection_option(connection, MHD_CONNECTION_OPTION_TIMEOUT, 0u);
}
