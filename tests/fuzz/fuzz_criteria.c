/* Sentences of acceptance criteria as any client may write them. */
#include <stdint.h>
#include <stdlib.h>

#include "agnostic/task/criterion.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static struct criteria criteria;
    struct text input = text_make((const char *)data, size);
    const struct request request = {.description = input, .constraints = input};
    if (criteria_read(&request, &criteria) != ERR_OK || criteria.count > CRITERIA_MAX)
        abort();
    for (size_t i = 0; i < criteria.count; i++) {
        double measured;
        if (criteria.items[i].kind != CRITERION_LIMIT && /* which the runner keeps */
            criterion_judge(&criteria.items[i], NULL, 0, &measured) == CRITERION_MET)
            abort(); /* nobody measured anything */
    }
    return 0;
}
