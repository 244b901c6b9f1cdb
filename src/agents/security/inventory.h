/* inventory: what the payment pages of a target consist of (their scripts, the headers that guard
 * them), so that a later session can tell a change (PCI DSS 4.0, 11.6.1). */
#ifndef AGENTS_SECURITY_INVENTORY_H
#define AGENTS_SECURITY_INVENTORY_H

#include "agents/security/facts.h"

struct inventory_item {
    char digest[INVENTORY_DIGEST_SIZE]; /* of page and thing */
    char words[INVENTORY_WORDS_SIZE];   /* the same for people */
};
struct inventory {
    size_t pages;
    size_t count, dropped;
    struct inventory_item items[INVENTORY_MAX];
};

/* inventory_asks(page): it has a field for the number of a payment card. */
bool inventory_asks(const struct page *page);
/* inventory_take(facts, &inventory): pure. */
void inventory_take(const struct facts *facts, struct inventory *ret_inventory);
/* inventory_holds(before, digest): was it there then? */
bool inventory_holds(const struct inventory_before *before, const char *digest);
/* inventory_read(path, agent, &before): what the last session with payment pages remembers;
 * before.session is empty when none does. ERR_IO, ERR_NOMEM. */
enum err inventory_read(const char *path, const char *agent, struct inventory_before *ret_before);
/* inventory_put_memo(inventory, out): what inventory_read reads later. */
void inventory_put_memo(const struct inventory *inventory, struct json_out *out);

#endif
