/* Asks the gate before anything else is asked. */
#include "agents/admit.h"

enum { ADDRESSES_MAX = 32 };

bool admit_non_public(admit_classes classes) {
    return (classes & ~((admit_classes)1 << ADDR_PUBLIC)) != 0;
}

bool admit(const struct agent *agent, const struct gate *gate, const struct url *url,
           admit_classes *ret_classes, enum agent_end *ret_end) {
    static const struct text NO_DATA = {NULL, 0};
    struct addr addrs[ADDRESSES_MAX];
    struct fault fault = {0};
    size_t count = 0;
    enum err err = gate_resolve(gate, url, addrs, ADDRESSES_MAX, &count, &fault);
    if (err == ERR_REFUSED) {
        lines_result(agent->lines, LINES_REFUSED, "target_refused", fault.text, NO_DATA);
        *ret_end = AGENT_REFUSED;
        return false;
    }
    if (err != ERR_OK) {
        lines_result(agent->lines, LINES_FAILED, "target_unavailable", fault.text, NO_DATA);
        *ret_end = AGENT_RAN;
        return false;
    }
    *ret_classes = 0;
    for (size_t i = 0; i < count; i++)
        *ret_classes |= (admit_classes)1 << addr_classify(&addrs[i]);
    return true;
}
