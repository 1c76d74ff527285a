#include "stock_server.h"

#include <mbedtls/ctr_drbg.h>
#include <mbedtls/entropy.h>
#include <mbedtls/ssl.h>
#include <mbedtls/ssl_cache.h>
#include <stdlib.h>
#include <string.h>

struct StockServer {
    mbedtls_entropy_context entropy;
    mbedtls_ctr_drbg_context random;
    mbedtls_x509_crt certificate;
    mbedtls_pk_context key;
    mbedtls_ssl_cache_context sessions;
    mbedtls_ssl_config config;
    int suites[2];
    StockConnection *handshaking; /* whose keys the export is about */
};

struct StockConnection {
    mbedtls_ssl_context ssl;
    StockServer *server;
    StockWire wire;
    int open, closed;
    unsigned char client_random[32], master_secret[48];
};

static int on_keys(void *user, const unsigned char *master, const unsigned char *block, size_t mac, size_t key,
                   size_t iv, const unsigned char client_random[32], const unsigned char server_random[32],
                   mbedtls_tls_prf_types prf) {
    StockServer *server = user;
    (void)block, (void)mac, (void)key, (void)iv, (void)server_random, (void)prf;
    memcpy(server->handshaking->client_random, client_random, 32);
    memcpy(server->handshaking->master_secret, master, 48);
    return 0;
}

static int prepare(StockServer *server, const StockOptions *options) {
    static const mbedtls_x509_crt_profile any = {0x7FFFFFFF, 0x0FFFFFFF, 0x0FFFFFFF, 512};
    mbedtls_ssl_config *config = &server->config;
    const int transport = options->datagram ? MBEDTLS_SSL_TRANSPORT_DATAGRAM : MBEDTLS_SSL_TRANSPORT_STREAM;
    if (mbedtls_ctr_drbg_seed(&server->random, mbedtls_entropy_func, &server->entropy, NULL, 0) ||
        mbedtls_ssl_config_defaults(config, MBEDTLS_SSL_IS_SERVER, transport, MBEDTLS_SSL_PRESET_DEFAULT) ||
        mbedtls_x509_crt_parse(&server->certificate, (const unsigned char *)options->certificate,
                               strlen(options->certificate) + 1) ||
        mbedtls_pk_parse_key(&server->key, (const unsigned char *)options->key, strlen(options->key) + 1, NULL, 0) ||
        mbedtls_ssl_conf_own_cert(config, &server->certificate, &server->key)) {
        return 0;
    }
    server->suites[0] = options->suite;
    mbedtls_ssl_conf_ciphersuites(config, server->suites);
    mbedtls_ssl_conf_min_version(config, MBEDTLS_SSL_MAJOR_VERSION_3, options->minor_version);
    mbedtls_ssl_conf_max_version(config, MBEDTLS_SSL_MAJOR_VERSION_3, options->minor_version);
    mbedtls_ssl_conf_arc4_support(config, MBEDTLS_SSL_ARC4_ENABLED);
    mbedtls_ssl_conf_cert_profile(config, &any);
    mbedtls_ssl_conf_rng(config, mbedtls_ctr_drbg_random, &server->random);
    mbedtls_ssl_conf_encrypt_then_mac(config, options->encrypt_then_mac);
    mbedtls_ssl_conf_session_cache(config, &server->sessions, mbedtls_ssl_cache_get, mbedtls_ssl_cache_set);
    mbedtls_ssl_conf_export_keys_ext_cb(config, on_keys, server);
    if (options->datagram) mbedtls_ssl_conf_dtls_cookies(config, NULL, NULL, NULL);
    return !options->psk_key[0] ||
           mbedtls_ssl_conf_psk(config, (const unsigned char *)options->psk_key, strlen(options->psk_key),
                                (const unsigned char *)options->psk_identity, strlen(options->psk_identity)) == 0;
}

StockServer *stock_server_new(const StockOptions *options) {
    StockServer *server = calloc(1, sizeof *server);
    mbedtls_entropy_init(&server->entropy);
    mbedtls_ctr_drbg_init(&server->random);
    mbedtls_x509_crt_init(&server->certificate);
    mbedtls_pk_init(&server->key);
    mbedtls_ssl_cache_init(&server->sessions);
    mbedtls_ssl_config_init(&server->config);
    if (prepare(server, options)) return server;
    stock_server_free(server);
    return NULL;
}

void stock_server_free(StockServer *server) {
    mbedtls_ssl_config_free(&server->config);
    mbedtls_ssl_cache_free(&server->sessions);
    mbedtls_pk_free(&server->key);
    mbedtls_x509_crt_free(&server->certificate);
    mbedtls_ctr_drbg_free(&server->random);
    mbedtls_entropy_free(&server->entropy);
    free(server);
}

/* No time passes here: nothing is ever due. */
static void set_timer(void *user, uint32_t intermediate, uint32_t last) { (void)user, (void)intermediate, (void)last; }
static int get_timer(void *user) { return (void)user, 0; }

static int send_octets(void *user, const unsigned char *octets, size_t count) {
    const StockConnection *connection = user;
    return connection->wire.send(connection->wire.user, octets, count);
}

static int receive_octets(void *user, unsigned char *into, size_t most) {
    const StockConnection *connection = user;
    const int count = connection->wire.receive(connection->wire.user, into, most);
    return count == 0 ? MBEDTLS_ERR_SSL_WANT_READ : count;
}

StockConnection *stock_accept(StockServer *server, StockWire wire) {
    StockConnection *connection = calloc(1, sizeof *connection);
    connection->server = server;
    connection->wire = wire;
    mbedtls_ssl_init(&connection->ssl);
    if (mbedtls_ssl_setup(&connection->ssl, &server->config) != 0) abort();
    mbedtls_ssl_set_bio(&connection->ssl, connection, send_octets, receive_octets, NULL);
    mbedtls_ssl_set_timer_cb(&connection->ssl, connection, set_timer, get_timer);
    return connection;
}

static int echo(StockConnection *connection) {
    static unsigned char octets[MBEDTLS_SSL_MAX_CONTENT_LEN];
    while (1) {
        const int count = mbedtls_ssl_read(&connection->ssl, octets, sizeof octets);
        if (count == MBEDTLS_ERR_SSL_WANT_READ) return 0;
        if (count == MBEDTLS_ERR_SSL_PEER_CLOSE_NOTIFY) connection->closed = 1;
        if (connection->closed) return 0;
        if (count < 0) return count;
        for (int done = 0; done < count;) {
            const int written = mbedtls_ssl_write(&connection->ssl, octets + done, (size_t)(count - done));
            if (written < 0) return written;
            done += written;
        }
    }
}

int stock_run(StockConnection *connection) {
    if (!connection->open) {
        connection->server->handshaking = connection;
        const int result = mbedtls_ssl_handshake(&connection->ssl);
        if (result == MBEDTLS_ERR_SSL_WANT_READ) return 0;
        if (result != 0) return result;
        connection->open = 1;
    }
    return echo(connection);
}

int stock_is_open(const StockConnection *connection) { return connection->open; }
int stock_client_closed(const StockConnection *connection) { return connection->closed; }
const unsigned char *stock_client_random(const StockConnection *connection) { return connection->client_random; }
const unsigned char *stock_master_secret(const StockConnection *connection) { return connection->master_secret; }

void stock_close(StockConnection *connection) {
    mbedtls_ssl_free(&connection->ssl);
    free(connection);
}
