/* The table of inputs, and their order. Pure. */
#include "agents/senior/edges.h"

static const struct edges_input INPUTS[] = {
    {"nothing", EDGES_AS_IS, "", 0, false},
    {"no parameter", EDGES_MISSING, NULL, 0, false},
    {"a blank", EDGES_AS_IS, "%20", 0, false},
    {"0", EDGES_AS_IS, "0", 0, false},
    {"1", EDGES_AS_IS, "1", 0, false},
    {"-1", EDGES_AS_IS, "-1", 0, false},
    {"-100", EDGES_AS_IS, "-100", 0, false},
    {"2^31-1", EDGES_AS_IS, "2147483647", 0, false},
    {"2^31", EDGES_AS_IS, "2147483648", 0, false},
    {"-2^31-1", EDGES_AS_IS, "-2147483649", 0, false},
    {"2^63", EDGES_AS_IS, "9223372036854775808", 0, false},
    {"1e308", EDGES_AS_IS, "1e308", 0, false},
    {"0.1", EDGES_AS_IS, "0.1", 0, false},
    {"NaN", EDGES_AS_IS, "NaN", 0, false},
    {"Infinity", EDGES_AS_IS, "Infinity", 0, false},
    {"true", EDGES_AS_IS, "true", 0, false},
    {"null", EDGES_AS_IS, "null", 0, false},
    {"[]", EDGES_AS_IS, "%5B%5D", 0, false},
    {"{}", EDGES_AS_IS, "%7B%7D", 0, false},
    {"a word", EDGES_AS_IS, "qaprobe", 0, false},
    {"a percent sign", EDGES_AS_IS, "%25", 0, false},
    {"256 letters", EDGES_MANY, "A", 256, false},
    {"4096 letters", EDGES_MANY, "A", 4096, false},
    {"65536 letters", EDGES_MANY, "A", 65536, false},
    {"a number of 400 digits", EDGES_MANY, "9", 400, false},
    {"a letter of four bytes", EDGES_AS_IS, "%F0%9F%98%80", 0, false},
    {"letters from right to left", EDGES_AS_IS, "%D7%A9%D7%9C%D7%95%D7%9D%E2%80%AE", 0, false},
    {"joined letters", EDGES_AS_IS, "%F0%9F%91%A9%E2%80%8D%F0%9F%92%BB", 0, false},
    {"a letter with a separate accent", EDGES_AS_IS, "e%CC%81", 0, false},
    {"bytes that are not UTF-8", EDGES_AS_IS, "%FF%FE", 0, true},
    {"a zero byte", EDGES_AS_IS, "%00", 0, true},
    {"a line break", EDGES_AS_IS, "a%0Ab", 0, true},
    {"blanks around a word", EDGES_AS_IS, "%20%20a%20%20", 0, false},
    {"the year 0", EDGES_AS_IS, "0000-00-00", 0, false},
    {"the year 9999", EDGES_AS_IS, "9999-12-31T23:59:60Z", 0, false},
    {"20 digits", EDGES_DIGITS, NULL, 20, false},
    {"12 letters", EDGES_LETTERS, NULL, 12, false},
};

const struct edges_input *edges_input(size_t index) {
    return index < sizeof(INPUTS) / sizeof(INPUTS[0]) ? &INPUTS[index] : NULL;
}

/* splitmix64: the next number behind *state. */
static uint64_t edges_random(uint64_t *state) {
    uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return z ^ z >> 31;
}

/* The round-th of the inputs in the order that this state gives. */
static const struct edges_input *edges_pick(uint64_t state, size_t round) {
    enum { COUNT = sizeof(INPUTS) / sizeof(INPUTS[0]) };
    uint8_t order[COUNT];
    for (size_t i = 0; i < COUNT; i++)
        order[i] = (uint8_t)i;
    for (size_t i = 0; i <= round; i++) {
        size_t other = i + edges_random(&state) % (COUNT - i);
        uint8_t kept = order[i];
        order[i] = order[other];
        order[other] = kept;
    }
    return &INPUTS[order[round]];
}

bool edges_case(uint64_t seed, size_t inlets, size_t n, struct edges_case *ret_case) {
    if (inlets == 0 || n >= EDGES_CASES_MAX || edges_input(n / inlets) == NULL)
        return false;
    uint64_t state = seed + n % inlets, value = seed ^ n;
    *ret_case = (struct edges_case){
        .inlet = n % inlets,
        .input = edges_pick(edges_random(&state), n / inlets),
        .seed = edges_random(&value),
    };
    return true;
}

void edges_put(const struct edges_case *edge, struct buf *buf) {
    static const char *const LETTERS[] = {"a",      "Z",      "0",         "_",
                                          ".",      "~",      "-",         "%C3%A9",
                                          "%C3%9F", "%CF%89", "%E4%B8%AD", "%F0%9F%90%98"};
    const struct edges_input *input = edge->input;
    uint64_t state = edge->seed;
    for (size_t i = 0; i < input->count; i++) {
        uint64_t random = edges_random(&state);
        if (input->kind == EDGES_MANY)
            buf_puts(buf, input->value);
        else if (input->kind == EDGES_DIGITS)
            buf_putc(buf, (char)('0' + random % 10));
        else
            buf_puts(buf, LETTERS[random % (sizeof(LETTERS) / sizeof(LETTERS[0]))]);
    }
    if (input->kind == EDGES_AS_IS)
        buf_puts(buf, input->value);
}
