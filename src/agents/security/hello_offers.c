/* The table of hellos: which suites belong to which class. Numbers are IANA's. */
#include "agents/security/hello_offers.h"

#include "agnostic/probe/tls.h"

static const uint16_t COMMON[] = {0xc02f, 0xc02b, 0xc030, 0xc02c, 0xcca8, 0xcca9, 0x009e,
                                  0xc013, 0xc009, 0xc014, 0xc00a, 0x0033, 0x0039, 0x009c,
                                  0x009d, 0x002f, 0x0035, 0x003c, 0x003d};
static const uint16_t SSL_3[] = {0x000a, 0x0005, 0x0004, 0x002f, 0x0035, 0x0016,
                                 0x0033, 0x0039, 0x0009, 0x0007, 0x0013, 0x0032};
static const uint16_t NONE[] = {0x0001, 0x0002, 0x003b, 0xc001, 0xc006, 0xc00b, 0xc010, 0xc015};
static const uint16_t ANONYMOUS[] = {0x0018, 0x001a, 0x001b, 0x0034, 0x003a, 0x006c,
                                     0x006d, 0x0046, 0x0089, 0x00a6, 0x00a7, 0xc015,
                                     0xc016, 0xc017, 0xc018, 0xc019};
static const uint16_t EXPORT[] = {0x0003, 0x0006, 0x0008, 0x000b, 0x000e, 0x0011, 0x0014,
                                  0x0017, 0x0019, 0x0062, 0x0063, 0x0064, 0x0065};
static const uint16_t RC4[] = {0x0005, 0x0004, 0x0018, 0x0066, 0xc002,
                               0xc007, 0xc00c, 0xc011, 0xc016};
static const uint16_t DES[] = {0x0009, 0x000c, 0x000f, 0x0012, 0x0015, 0x001a, 0x0007};
static const uint16_t DES_3[] = {0x000a, 0x000d, 0x0010, 0x0013, 0x0016, 0x001b,
                                 0xc003, 0xc017, 0xc008, 0xc00d, 0xc012};
static const uint16_t FORWARD[] = {
    0xc02f, 0xc02b, 0xc030, 0xc02c, 0xcca8, 0xcca9, 0xccaa, 0x009e, 0x009f, 0xc013, 0xc009,
    0xc014, 0xc00a, 0xc027, 0xc023, 0xc028, 0xc024, 0x0033, 0x0039, 0x0067, 0x006b, 0x0045,
    0x0088, 0x00be, 0x00c4, 0xc072, 0xc073, 0xc076, 0xc077, 0xc07c, 0xc07d, 0xc086, 0xc087,
    0xc08a, 0xc08b, 0xc0ac, 0xc0ad, 0xc0ae, 0xc0af, 0xc09e, 0xc09f, 0xc0a2, 0xc0a3, 0xc052,
    0xc053, 0xc05c, 0xc05d, 0xc060, 0xc061, 0x0032, 0x0038, 0x0040, 0x006a, 0x00a2, 0x00a3,
    0xc012, 0xc008, 0x0016, 0x0013, 0xc011, 0xc007};
static const uint16_t STATIC[] = {
    0x009c, 0x009d, 0x002f, 0x0035, 0x003c, 0x003d, 0x0041, 0x0084, 0x00ba, 0x00c0, 0x0096, 0xc09c,
    0xc09d, 0xc0a0, 0xc0a1, 0xc050, 0xc051, 0xc07a, 0xc07b, 0xc004, 0xc005, 0xc00e, 0xc00f, 0xc025,
    0xc026, 0xc029, 0xc02a, 0xc02d, 0xc02e, 0xc031, 0xc032, 0x000a, 0xc003, 0xc00d, 0x0005, 0x0004};

#define SUITES(list) list, sizeof(list) / sizeof((list)[0])
static const struct {
    const char *word;
    uint16_t version;
    const uint16_t *suites;
    size_t suite_count;
} ROWS[HELLO_OF__COUNT] = {
    [HELLO_OF_SSL_2] = {"SSLv2", HELLO_SSL_2, NULL, 0},
    [HELLO_OF_SSL_3] = {"SSLv3", HELLO_SSL_3, SUITES(SSL_3)},
    [HELLO_OF_NULL] = {"NULL encryption", TLS_1_2, SUITES(NONE)},
    [HELLO_OF_ANONYMOUS] = {"anonymous suites", TLS_1_2, SUITES(ANONYMOUS)},
    [HELLO_OF_EXPORT] = {"EXPORT suites", TLS_1_2, SUITES(EXPORT)},
    [HELLO_OF_RC4] = {"RC4", TLS_1_2, SUITES(RC4)},
    [HELLO_OF_DES] = {"single DES and IDEA", TLS_1_2, SUITES(DES)},
    [HELLO_OF_3DES] = {"3DES", TLS_1_2, SUITES(DES_3)},
    [HELLO_OF_DEFLATE] = {"DEFLATE", TLS_1_2, SUITES(COMMON)},
    [HELLO_OF_FORWARD] = {"suites with forward secrecy", TLS_1_2, SUITES(FORWARD)},
    [HELLO_OF_STATIC] = {"suites without forward secrecy", TLS_1_2, SUITES(STATIC)},
    [HELLO_OF_FALLBACK] = {"an older version", 0, SUITES(COMMON)},
    [HELLO_OF_STRONG_FIRST] = {"a weak suite last", TLS_1_2, SUITES(COMMON)},
    [HELLO_OF_WEAK_FIRST] = {"a weak suite first", TLS_1_2, SUITES(COMMON)},
};

const char *hello_offers_word(enum hello_kind kind) {
    return ROWS[kind].word;
}

void hello_offers_fill(enum hello_kind kind, uint16_t version, uint16_t weak,
                       uint16_t suites[HELLO_SUITES_MAX], struct hello_offer *ret_offer) {
    size_t count = 0;
    if (kind == HELLO_OF_WEAK_FIRST)
        suites[count++] = weak;
    for (size_t i = 0; i < ROWS[kind].suite_count; i++)
        suites[count++] = ROWS[kind].suites[i];
    if (kind == HELLO_OF_STRONG_FIRST)
        suites[count++] = weak;
    if (kind == HELLO_OF_FALLBACK)
        suites[count++] = HELLO_FALLBACK_SCSV;
    *ret_offer = (struct hello_offer){.version = version != 0 ? version : ROWS[kind].version,
                                      .suites = suites,
                                      .suite_count = count,
                                      .deflate = kind == HELLO_OF_DEFLATE};
}
