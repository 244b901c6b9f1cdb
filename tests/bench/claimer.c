/* claimer: takes tasks off the queue and ends them, nothing between: what claims cost without a
 * runner around them. usage: claimer REDIS-URL COUNT; prints how many there were. */
#include <stdio.h>
#include <stdlib.h>

#include "agnostic/store/task_store.h"

enum { TIMEOUT_MS = 5000, LEASE_MS = 30000 };

int main(int argc, char **argv) {
    struct store *store;
    struct task_claim claim;
    long wanted = argc == 3 ? strtol(argv[2], NULL, 10) : 0, done = 0;
    if (wanted < 1 || store_new(argv[1], TIMEOUT_MS, &store, NULL) != ERR_OK) {
        fputs("usage: claimer REDIS-URL COUNT\n", stderr);
        return 64;
    }
    while (done < wanted && task_store_claim(store, "claimer:1:slot", LEASE_MS, &claim) == ERR_OK) {
        done += task_store_finish(store, &claim, TASK_COMPLETED, TEXT("{}"), NULL) == ERR_OK;
        task_claim_done(&claim);
    }
    store_free(store);
    printf("%ld\n", done);
    return 0;
}
