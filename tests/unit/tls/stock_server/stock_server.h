/* A TLS and DTLS echo server on a stock mbed TLS, in memory: for the suites and versions that no OpenSSL of today has.
 * Behind plain C in a library of its own, because the engine under test is linked with an mbed TLS of another
 * configuration. */
#pragma once

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct StockServer StockServer;
typedef struct StockConnection StockConnection;

typedef struct StockOptions {
    int datagram;
    int minor_version; /* 0 SSL 3.0 ... 3 TLS 1.2; DTLS: 2, 3 */
    int suite;
    const char *certificate; /* PEM */
    const char *key;         /* PEM */
    const char *psk_identity;
    const char *psk_key; /* empty: no PSK */
    int encrypt_then_mac;
} StockOptions;

typedef struct StockWire {
    void *user;
    /* As mbedtls_ssl_send_t and mbedtls_ssl_recv_t; 0 from `receive`: nothing there. */
    int (*send)(void *user, const unsigned char *octets, size_t count);
    int (*receive)(void *user, unsigned char *into, size_t most);
} StockWire;

/* Null: the options are not accepted. It keeps a session cache for its connections. */
__attribute__((visibility("default"))) StockServer *stock_server_new(const StockOptions *options);
__attribute__((visibility("default"))) void stock_server_free(StockServer *server);

__attribute__((visibility("default"))) StockConnection *stock_accept(StockServer *server, StockWire wire);
/* Goes on with the handshake or echoes. 0, or mbed TLS's error. */
__attribute__((visibility("default"))) int stock_run(StockConnection *connection);
__attribute__((visibility("default"))) int stock_is_open(const StockConnection *connection);
__attribute__((visibility("default"))) int stock_client_closed(const StockConnection *connection);
/* The secrets a key log tells: 32 and 48 octets. */
__attribute__((visibility("default"))) const unsigned char *stock_client_random(const StockConnection *connection);
__attribute__((visibility("default"))) const unsigned char *stock_master_secret(const StockConnection *connection);
__attribute__((visibility("default"))) void stock_close(StockConnection *connection);

#ifdef __cplusplus
}
#endif
