/* number: card numbers and private addresses in text, told from other numbers by what stands
 * around them. Same habits as secret.h. Pure. */
#ifndef AGENTS_SECURITY_NUMBER_H
#define AGENTS_SECURITY_NUMBER_H

#include "agents/security/secret.h"

/* Card numbers in what people read: no well-known test number, in groups or with a word like
 * "card" or "Visa" close by. */
bool number_card(struct text t, size_t *at, struct secret *ret_found);
/* The same in scripts and data, where most long numbers are names of things: only behind a name
 * such as "cardNumber" or "pan". */
bool number_card_in_data(struct text t, size_t *at, struct secret *ret_found);

/* RFC 1918 addresses and hosts named after one (ip-10-0-0-5); no network, version, part of a
 * longer number, or address that every home router has. */
bool number_address(struct text t, size_t *at, struct secret *ret_found);
/* The same in scripts, where they stand in quotes or in URLs. */
bool number_address_in_data(struct text t, size_t *at, struct secret *ret_found);

#endif
