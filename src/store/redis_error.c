/* redis_error: error words of Redis, mapped once. */
#include "store/redis_error.h"

/* The first row whose words begin the answer. Anything else (WRONGTYPE, a fault in a script) means
 * that a key holds what it must not, or that we are wrong: ERR_DAMAGED. */
static const struct row {
    struct text words;
    enum err err;
    bool drop;
} ROWS[] = {
    {{"OOM ", 4}, ERR_STORE_FULL, false},     /* maxmemory reached */
    {{"MISCONF ", 8}, ERR_STORE_FULL, false}, /* cannot write its disk */
    {{"BUSY ", 5}, ERR_STORE, false},         /* a script runs too long */
    {{"LOADING ", 8}, ERR_STORE, false},
    {{"MASTERDOWN ", 11}, ERR_STORE, false},
    {{"NOREPLICAS ", 11}, ERR_STORE, false},
    {{"CLUSTERDOWN ", 12}, ERR_STORE, false},
    {{"TRYAGAIN ", 9}, ERR_STORE, false},
    {{"READONLY ", 9}, ERR_STORE, true}, /* a replica now: the address may lead elsewhere */
    {{"NOAUTH ", 7}, ERR_STORE, true},
    {{"WRONGPASS ", 10}, ERR_STORE, true},
    {{"NOPERM ", 7}, ERR_STORE, true},
    {{"ERR The user executing the script", 33}, ERR_STORE, true}, /* NOPERM, inside a script */
    {{"DENIED ", 7}, ERR_STORE, true},                            /* protected mode */
    {{"ERR max number of clients", 25}, ERR_STORE, true},
};

enum err redis_error(struct text said, bool *ret_drop) {
    for (size_t i = 0; i < sizeof ROWS / sizeof ROWS[0]; i++) {
        if (text_starts(said, ROWS[i].words)) {
            *ret_drop = ROWS[i].drop;
            return ROWS[i].err;
        }
    }
    *ret_drop = false;
    return ERR_DAMAGED;
}
