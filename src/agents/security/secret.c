/* Tokens, keys, hashes and assignments by their form. Knows no page. */
#include "agents/security/secret.h"

#include <math.h>
#include <string.h>

enum {
    FIELDS_MAX = 4,
    KEY_LABEL_MAX = 40, /* bytes of "-----BEGIN .. PRIVATE KEY-----" */
    KEY_BODY_MIN = 64,  /* base64 characters */
    KEY_BODY_SCAN = 256,
    VALUE_MIN = 6,
    VALUE_MAX = 200,
    SHORT_BODY = 20
};
static const double ENTROPY_MIN = 3.5, ENTROPY_SHORT_MIN = 3.0; /* bits a character */

/* --- characters ----------------------------------------------------------------------------- */

static bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

static bool is_upper(char c) {
    return c >= 'A' && c <= 'Z';
}

static bool is_letter(char c) {
    return is_upper(c) || (c >= 'a' && c <= 'z');
}

static bool is_alnum(char c) {
    return is_digit(c) || is_letter(c);
}

static bool is_base32(char c) {
    return is_upper(c) || (c >= '2' && c <= '7');
}

static bool is_hex(char c) {
    return is_digit(c) || (c >= 'a' && c <= 'f');
}

static bool is_word(char c) {
    return is_alnum(c) || c == '_' || c == '-';
}

static bool is_dotted(char c) {
    return is_word(c) || c == '.';
}

static bool is_path(char c) {
    return is_word(c) || c == '/';
}

static bool is_base64(char c) {
    return is_alnum(c) || c == '+' || c == '/' || c == '=';
}

/* What a longer piece of base64 or a longer name may hold: a token does not begin behind it. */
static bool is_joined(char c) {
    return is_word(c) || is_base64(c);
}

static size_t run_of(struct text t, size_t at, bool (*is)(char c)) {
    size_t end = at;
    while (end < t.len && is(t.ptr[end]))
        end++;
    return end - at;
}

/* Shannon's, of single characters. */
static double entropy(struct text t) {
    size_t counts[256] = {0};
    double bits = 0;
    for (size_t i = 0; i < t.len; i++)
        counts[(unsigned char)t.ptr[i]]++;
    for (size_t i = 0; i < 256; i++)
        if (counts[i] > 0)
            bits -= (double)counts[i] / (double)t.len * log2((double)counts[i] / (double)t.len);
    return bits;
}

static bool has_digit_and_letter(struct text t) {
    bool digit = false, letter = false;
    for (size_t i = 0; i < t.len; i++) {
        digit = digit || is_digit(t.ptr[i]);
        letter = letter || is_letter(t.ptr[i]);
    }
    return digit && letter;
}

/* What people write where a secret would stand. */
static bool is_example(struct text t) {
    static const char *const WORDS[] = {"example", "xxxx", "1234567", "00000", "abcdef",
                                        "your",    "****", "....",    "dummy", "sample"};
    for (size_t i = 0; i < sizeof(WORDS) / sizeof(WORDS[0]); i++)
        if (text_ifind(t, text_of(WORDS[i])) >= 0)
            return true;
    return false;
}

/* Looks drawn by lot. */
static bool is_random(struct text t) {
    return has_digit_and_letter(t) && !is_example(t) &&
           entropy(t) >= (t.len < SHORT_BODY ? ENTROPY_SHORT_MIN : ENTROPY_MIN);
}

/* --- tokens --------------------------------------------------------------------------------- */

static const struct {
    const char *prefix;
    bool (*is)(char c); /* of the body behind it */
    size_t min, max;
    const char *what;
} TOKENS[] = {
    {"AKIA", is_base32, 16, 16, "An AWS access key"},
    {"ASIA", is_base32, 16, 16, "An AWS session key"},
    {"ghp_", is_alnum, 36, 255, "A GitHub token"},
    {"gho_", is_alnum, 36, 255, "A GitHub token"},
    {"ghu_", is_alnum, 36, 255, "A GitHub token"},
    {"ghs_", is_alnum, 36, 255, "A GitHub token"},
    {"ghr_", is_alnum, 36, 255, "A GitHub token"},
    {"github_pat_", is_word, 70, 100, "A GitHub token"},
    {"glpat-", is_word, 20, 64, "A GitLab token"},
    {"xoxb-", is_word, 24, 200, "A Slack token"},
    {"xoxp-", is_word, 24, 200, "A Slack token"},
    {"xoxs-", is_word, 24, 200, "A Slack token"},
    {"https://hooks.slack.com/services/T", is_path, 30, 100, "A Slack webhook"},
    {"sk_live_", is_alnum, 20, 255, "A Stripe key"},
    {"rk_live_", is_alnum, 20, 255, "A Stripe key"},
    {"SG.", is_dotted, 60, 80, "A SendGrid key"},
    {"npm_", is_alnum, 36, 36, "An npm token"},
    {"shpat_", is_hex, 32, 32, "A Shopify token"},
    {"dop_v1_", is_hex, 64, 64, "A DigitalOcean token"},
    {"sk-ant-api", is_word, 80, 200, "An Anthropic key"},
    {"sk-proj-", is_word, 40, 255, "An OpenAI key"},
    {"AccountKey=", is_base64, 86, 88, "An Azure storage key"},
};

static bool token_at(struct text t, size_t at, struct secret *ret_found) {
    struct text rest = text_make(t.ptr + at, t.len - at);
    for (size_t i = 0; i < sizeof(TOKENS) / sizeof(TOKENS[0]); i++) {
        struct text sign = text_of(TOKENS[i].prefix);
        if (!text_starts(rest, sign))
            continue;
        size_t len = run_of(rest, sign.len, TOKENS[i].is), end = sign.len + len;
        if (len < TOKENS[i].min || len > TOKENS[i].max ||
            (end < rest.len && is_joined(rest.ptr[end])) ||
            !is_random(text_make(rest.ptr + sign.len, len)))
            continue;
        *ret_found = (struct secret){text_make(rest.ptr, end), TOKENS[i].what, sign};
        return true;
    }
    return false;
}

/* Base64 characters of the lines behind a key's label, in text or in a string of a script. */
static size_t key_body(struct text t, char dst[static KEY_BODY_MIN]) {
    size_t count = 0;
    for (size_t i = 0; i < t.len && i < KEY_BODY_SCAN && count < KEY_BODY_MIN; i++) {
        char c = t.ptr[i];
        if (c == '\\' && i + 1 < t.len && (t.ptr[i + 1] == 'n' || t.ptr[i + 1] == 'r'))
            i++;
        else if (is_base64(c))
            dst[count++] = c;
        else if (strchr(" \r\n\t\"',\\", c) == NULL || c == '\0')
            break;
    }
    return count;
}

static bool key_at(struct text t, size_t at, struct secret *ret_found) {
    char body[KEY_BODY_MIN];
    struct text rest = text_make(t.ptr + at, t.len - at);
    if (!text_starts(rest, TEXT("-----BEGIN ")))
        return false;
    struct text label = text_make(rest.ptr, rest.len < KEY_LABEL_MAX ? rest.len : KEY_LABEL_MAX);
    long end = text_find(label, TEXT("PRIVATE KEY-----"));
    if (end < 0)
        return false;
    size_t used = (size_t)end + TEXT("PRIVATE KEY-----").len;
    size_t count = key_body(text_make(rest.ptr + used, rest.len - used), body);
    if (count < KEY_BODY_MIN || !is_random(text_make(body, count)))
        return false;
    *ret_found = (struct secret){text_make(rest.ptr, used), "A private key",
                                 text_make(rest.ptr, (size_t)end + TEXT("PRIVATE KEY").len)};
    return true;
}

bool secret_token(struct text t, size_t *at, struct secret *ret_found) {
    for (; *at < t.len; ++*at) {
        bool key = t.ptr[*at] == '-' && key_at(t, *at, ret_found);
        bool begins = is_letter(t.ptr[*at]) &&
                      (*at == 0 || !is_joined(t.ptr[*at - 1]) || t.ptr[*at - 1] == '=');
        if (key || (begins && token_at(t, *at, ret_found))) {
            *at += ret_found->text.len;
            return true;
        }
    }
    return false;
}

/* --- hashes --------------------------------------------------------------------------------- */

/* A prefix, then fields of so many characters, parted by '$'. */
static const struct {
    const char *prefix;
    size_t count;
    struct {
        size_t min, max;
    } fields[FIELDS_MAX];
    const char *what;
} HASHES[] = {
    {"$2a$", 2, {{2, 2}, {53, 53}}, "A bcrypt hash"},
    {"$2b$", 2, {{2, 2}, {53, 53}}, "A bcrypt hash"},
    {"$2y$", 2, {{2, 2}, {53, 53}}, "A bcrypt hash"},
    {"$1$", 2, {{1, 8}, {22, 22}}, "An MD5 crypt hash"},
    {"$apr1$", 2, {{1, 8}, {22, 22}}, "An Apache MD5 hash"},
    {"$5$rounds=", 3, {{1, 9}, {1, 16}, {43, 43}}, "A SHA-256 crypt hash"},
    {"$5$", 2, {{1, 16}, {43, 43}}, "A SHA-256 crypt hash"},
    {"$6$rounds=", 3, {{1, 9}, {1, 16}, {86, 86}}, "A SHA-512 crypt hash"},
    {"$6$", 2, {{1, 16}, {86, 86}}, "A SHA-512 crypt hash"},
    {"$y$", 3, {{1, 8}, {1, 86}, {43, 43}}, "A yescrypt hash"},
    {"$argon2id$v=", 4, {{2, 3}, {9, 60}, {11, 86}, {16, 172}}, "An Argon2 hash"},
    {"$argon2i$v=", 4, {{2, 3}, {9, 60}, {11, 86}, {16, 172}}, "An Argon2 hash"},
    {"$argon2d$v=", 4, {{2, 3}, {9, 60}, {11, 86}, {16, 172}}, "An Argon2 hash"},
    {"$P$", 1, {{31, 31}}, "A phpass hash"},
    {"$H$", 1, {{31, 31}}, "A phpass hash"},
    {"pbkdf2_sha256$", 3, {{4, 8}, {1, 32}, {43, 44}}, "A Django hash"},
};

/* Examples of manuals and encyclopedias. */
static const char *const KNOWN_HASHES[] = {"R9h/cIPz0gi.URNNX3kh2OPST9/PgBkqquzi.Ss7KIUgO2t0jWMUW",
                                           "N9qo8uLOickgx2ZMRZoMyeIjZAgcfl7p92ldGxad68LJZdL17lhWy",
                                           ".vGA1O9wmRjrwAVXD98HNOgsNpDczlqm3Jq7KnEd1rVAGv3Fykk1a"};

static bool is_hash_char(char c) {
    return is_base64(c) || c == '.' || c == ',' || c == '_' || c == '-';
}

static bool is_known_hash(struct text last) {
    for (size_t i = 0; i < sizeof(KNOWN_HASHES) / sizeof(KNOWN_HASHES[0]); i++)
        if (text_ends(last, text_of(KNOWN_HASHES[i])))
            return true;
    return false;
}

/* Bytes of the fields behind the prefix of HASHES[row], 0 when they do not fit. */
static size_t hash_fields(struct text t, size_t row) {
    size_t at = 0, len = 0;
    for (size_t i = 0; i < HASHES[row].count; i++) {
        if (i > 0 && (at == t.len || t.ptr[at++] != '$'))
            return 0;
        len = run_of(t, at, is_hash_char);
        if (len > HASHES[row].fields[i].max && i + 1 == HASHES[row].count &&
            strchr(".,", t.ptr[at + HASHES[row].fields[i].max]) != NULL)
            len = HASHES[row].fields[i].max; /* the end of a sentence */
        if (len < HASHES[row].fields[i].min || len > HASHES[row].fields[i].max)
            return 0;
        at += len;
    }
    struct text last = text_make(t.ptr + at - len, len);
    return entropy(last) < ENTROPY_SHORT_MIN || is_known_hash(last) ? 0 : at;
}

bool secret_hash(struct text t, size_t *at, struct secret *ret_found) {
    for (; *at < t.len; ++*at) {
        struct text rest = text_make(t.ptr + *at, t.len - *at);
        if ((rest.ptr[0] != '$' && rest.ptr[0] != 'p') || (*at > 0 && is_word(t.ptr[*at - 1])))
            continue;
        for (size_t row = 0; row < sizeof(HASHES) / sizeof(HASHES[0]); row++) {
            struct text sign = text_of(HASHES[row].prefix);
            size_t len =
                !text_starts(rest, sign)
                    ? 0
                    : hash_fields(text_make(rest.ptr + sign.len, rest.len - sign.len), row);
            if (len == 0)
                continue;
            *ret_found =
                (struct secret){text_make(rest.ptr, sign.len + len), HASHES[row].what, sign};
            *at += sign.len + len;
            return true;
        }
    }
    return false;
}

/* --- assignments ---------------------------------------------------------------------------- */

static bool is_gap(char c) {
    return c == ' ' || c == '\t' || c == '"' || c == '\'' || c == '`';
}

static bool is_value(char c) {
    return c > ' ' && c < 0x7F && strchr("\"'`<>;,()[]{}", c) == NULL;
}

/* What stands behind name: blanks or quotes, ':' or '=', and a value. */
static bool assigned(struct text t, struct text *ret_value) {
    size_t at = run_of(t, 0, is_gap);
    if (at == t.len || (t.ptr[at] != ':' && t.ptr[at] != '='))
        return false;
    at++;
    at += run_of(text_make(t.ptr + at, t.len - at), 0, is_gap);
    size_t len = run_of(t, at, is_value);
    *ret_value = text_make(t.ptr + at, len);
    return len >= VALUE_MIN && len <= VALUE_MAX;
}

bool secret_assignment(struct text t, size_t *at, struct secret *ret_found) {
    static const char *const NAMES[] = {"password", "passwd", "pwd",        "passwort", "api_key",
                                        "apikey",   "secret", "secret_key", "api-key",  "token"};
    for (; *at < t.len; ++*at) {
        if (*at > 0 && is_alnum(t.ptr[*at - 1]))
            continue;
        struct text rest = text_make(t.ptr + *at, t.len - *at), value;
        for (size_t i = 0; i < sizeof(NAMES) / sizeof(NAMES[0]); i++) {
            struct text name = text_of(NAMES[i]);
            if (!text_istarts(rest, name) ||
                !assigned(text_make(rest.ptr + name.len, rest.len - name.len), &value) ||
                !has_digit_and_letter(value) || is_example(value) ||
                text_find(value, TEXT("/")) >= 0)
                continue;
            *ret_found = (struct secret){value, "A password or key", text_make(rest.ptr, name.len)};
            *at = (size_t)(value.ptr - t.ptr) + value.len;
            return true;
        }
    }
    return false;
}
