/* The first answer to a ClientHello: an alert, a ServerHello, or nothing that proves anything. Pure
 * over bytes that a stranger chose. */
#include "agnostic/probe/hello.h"

enum { RECORD_ALERT = 21, RECORD_HANDSHAKE = 22, RECORD_HEAD = 5, RECORD_MAX = 1 << 14 };
enum { ALERT_WARNING = 1, ALERT_FATAL = 2 };
enum { SERVER_HELLO = 2, HELLO_HEAD = 4, SESSION_AT = HELLO_HEAD + 2 + 32, SESSION_MAX = 32 };
enum { MESSAGE_MAX = SESSION_AT + 1 + SESSION_MAX + 3 }; /* as much of it as is looked at */
enum { SSL_2_HEAD = 11, SSL_2_SERVER_HELLO = 4 };

struct message {
    uint8_t bytes[MESSAGE_MAX];
    size_t len;
};

static unsigned get16(const uint8_t *at) {
    return (unsigned)at[0] << 8 | at[1];
}

static bool garbled(struct hello_answer *answer) {
    *answer = (struct hello_answer){.end = HELLO_GARBLED};
    return true;
}

/* Record head, type, session hit, certificate type, version, three lengths. */
static bool read_ssl_2(const uint8_t *bytes, size_t len, struct hello_answer *answer) {
    if (len < SSL_2_HEAD)
        return false;
    bool fits = (bytes[0] & 0x80) != 0 && bytes[2] == SSL_2_SERVER_HELLO && bytes[3] <= 1 &&
                get16(bytes + 5) == HELLO_SSL_2 && get16(bytes + 9) > 0 &&
                get16(bytes + 9) % 3 == 0;
    if (!fits)
        return garbled(answer);
    *answer = (struct hello_answer){.end = HELLO_ACCEPTED, .version = HELLO_SSL_2};
    return true;
}

static bool was_offered(const struct hello_offer *offer, unsigned suite) {
    for (size_t i = 0; i < offer->suite_count; i++)
        if (offer->suites[i] == suite && suite != HELLO_FALLBACK_SCSV)
            return true;
    return false;
}

/* A choice that was not offered is no choice. */
static bool judge_choice(const struct hello_offer *offer, unsigned version, const uint8_t *choice,
                         struct hello_answer *answer) {
    unsigned suite = get16(choice), compression = choice[2];
    if (version < HELLO_SSL_3 || version > offer->version || !was_offered(offer, suite) ||
        compression > (offer->deflate ? 1 : 0))
        return garbled(answer);
    *answer = (struct hello_answer){.end = HELLO_ACCEPTED,
                                    .version = (uint16_t)version,
                                    .suite = (uint16_t)suite,
                                    .deflate = compression == 1};
    return true;
}

static bool read_message(const struct hello_offer *offer, const struct message *message,
                         struct hello_answer *answer) {
    const uint8_t *at = message->bytes;
    if (message->len > 0 && at[0] != SERVER_HELLO)
        return garbled(answer);
    if (message->len <= SESSION_AT)
        return false;
    size_t session = at[SESSION_AT], choice = SESSION_AT + 1 + session;
    size_t stated = (size_t)at[1] << 16 | get16(at + 2);
    if (session > SESSION_MAX || HELLO_HEAD + stated < choice + 3)
        return garbled(answer);
    if (message->len < choice + 3)
        return false;
    return judge_choice(offer, get16(at + HELLO_HEAD), at + choice, answer);
}

/* A warning (of the name that was asked for, mostly) is followed by the answer itself. */
static bool read_alert(const uint8_t *body, size_t have, size_t stated,
                       struct hello_answer *answer) {
    if (stated != 2)
        return garbled(answer);
    if (have < 2 || body[0] == ALERT_WARNING)
        return false;
    if (body[0] != ALERT_FATAL)
        return garbled(answer);
    *answer = (struct hello_answer){.end = HELLO_DECLINED, .alert = body[1]};
    return true;
}

static bool is_record(const uint8_t *head, size_t stated) {
    return (head[0] == RECORD_ALERT || head[0] == RECORD_HANDSHAKE) && head[1] == 3 &&
           head[2] <= 4 && stated > 0 && stated <= RECORD_MAX;
}

static void gather_message(struct message *message, const uint8_t *body, size_t have) {
    for (size_t i = 0; i < have && message->len < MESSAGE_MAX; i++)
        message->bytes[message->len++] = body[i];
}

static bool read_records(const struct hello_offer *offer, const uint8_t *bytes, size_t len,
                         struct hello_answer *answer) {
    struct message message = {.len = 0};
    for (size_t at = 0; len - at >= RECORD_HEAD;) {
        const uint8_t *head = bytes + at, *body = head + RECORD_HEAD;
        size_t stated = get16(head + 3), left = len - at - RECORD_HEAD;
        size_t have = stated < left ? stated : left;
        if (!is_record(head, stated))
            return garbled(answer);
        if (head[0] == RECORD_HANDSHAKE)
            gather_message(&message, body, have);
        if (head[0] == RECORD_ALERT ? read_alert(body, have, stated, answer)
                                    : read_message(offer, &message, answer))
            return true;
        at += RECORD_HEAD + have;
    }
    return false;
}

bool hello_read(const struct hello_offer *offer, const uint8_t *bytes, size_t len,
                struct hello_answer *ret_answer) {
    if (len == 0)
        return false;
    if (offer->version == HELLO_SSL_2 && bytes[0] != RECORD_ALERT)
        return read_ssl_2(bytes, len, ret_answer);
    return read_records(offer, bytes, len, ret_answer);
}
