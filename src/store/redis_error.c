/* redis_error: error words of Redis, mapped once. */
#include "store/redis_error.h"

/* The first row whose words begin the answer. Anything else (WRONGTYPE, a fault in a script) means
 * that a key holds what it must not, or that we are wrong: ERR_DAMAGED. So does NOSCRIPT, unless
 * script.c has just been waiting for it. */
static const struct row {
    struct text words;
    enum err err;
    enum redis_after after;
} ROWS[] = {
    /* it cannot at the moment */
    {{"OOM ", 4}, ERR_STORE_FULL, REDIS_KEEP},     /* maxmemory reached */
    {{"MISCONF ", 8}, ERR_STORE_FULL, REDIS_KEEP}, /* cannot write its disk */
    {{"BUSY ", 5}, ERR_STORE, REDIS_KEEP},         /* a script runs too long */
    {{"UNKILLABLE ", 11}, ERR_STORE, REDIS_KEEP},  /* that script has written already */
    {{"LOADING ", 8}, ERR_STORE, REDIS_KEEP},
    {{"NOREPLICAS ", 11}, ERR_STORE, REDIS_KEEP}, /* min-replicas-to-write */
    {{"CLUSTERDOWN ", 12}, ERR_STORE, REDIS_KEEP},
    {{"TRYAGAIN ", 9}, ERR_STORE, REDIS_KEEP},
    {{"ERR max number of clients", 25}, ERR_STORE, REDIS_DROP},
    /* it is not the master */
    {{"READONLY ", 9}, ERR_STORE, REDIS_MOVED},
    {{"MASTERDOWN ", 11}, ERR_STORE, REDIS_MOVED},
    {{"UNBLOCKED ", 10}, ERR_STORE, REDIS_DROP}, /* became a replica while we waited */
    /* it does not want us */
    {{"NOAUTH ", 7}, ERR_STORE, REDIS_DROP},
    /* NOAUTH, to a command of more than ten words or 16 KiB */
    {{"ERR Protocol error: unauthenticated", 35}, ERR_STORE, REDIS_DROP},
    {{"WRONGPASS ", 10}, ERR_STORE, REDIS_DROP},
    {{"NOPERM ", 7}, ERR_STORE, REDIS_DROP},
    {{"ERR The user executing the script", 33}, ERR_STORE, REDIS_DROP}, /* NOPERM, in a script */
    {{"DENIED ", 7}, ERR_STORE, REDIS_DROP},                            /* protected mode */
};

enum err redis_error(struct text said, enum redis_after *ret_after) {
    for (size_t i = 0; i < sizeof ROWS / sizeof ROWS[0]; i++) {
        if (text_starts(said, ROWS[i].words)) {
            *ret_after = ROWS[i].after;
            return ROWS[i].err;
        }
    }
    *ret_after = REDIS_KEEP;
    return ERR_DAMAGED;
}
