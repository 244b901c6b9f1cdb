/* tls_door: what every TLS connection of ours may and may not do, whoever shakes hands: tls.c, or
 * libcurl for http_door.c. */
#ifndef PROBE_TLS_DOOR_H
#define PROBE_TLS_DOOR_H

/* Both take an SSL_CTX, as the void pointer that libcurl hands over.
 * tls_door_guard(ctx): no peer can keep a handshake going for ever, nor fill the memory.
 * tls_door_take_anything(ctx): whatever is weak, old or unsafe is taken; only for peers whose TLS
 * is judged elsewhere. */
void tls_door_guard(void *ctx);
void tls_door_take_anything(void *ctx);

#endif
