/* Names that people give to fields. Separators in them do not count: "first_name", "firstName". */
#include "agents/security/field.h"

enum { NAME_SIZE = 64, RANDOM_MIN_BYTES = 16 };

static const char *const EMAIL[] = {"email", "mailaddress", NULL};
static const char *const PERSONAL[] = {"email",         "mailaddress",   "phone",    "telephone",
                                       "telefon",       "birth",         "geburt",   "fullname",
                                       "firstname",     "lastname",      "surname",  "givenname",
                                       "familyname",    "vorname",       "nachname", "prenom",
                                       "streetaddress", "postaladdress", NULL};
static const char *const PERSONAL_EXACT[] = {"mail", "tel", "dob", "mobile", "handy", NULL};
static const char *const PERSONAL_COMPLETE[] = {"email",          "tel",           "name",
                                                "given-name",     "family-name",   "bday",
                                                "street-address", "address-line1", NULL};
static const char *const CARD[] = {"creditcardn", "debitcardn", "paymentcardn", NULL};
static const char *const CARD_EXACT[] = {"cardnumber", "cardnum", "cardno",  "ccnumber",
                                         "ccnum",      "cardcvc", "cardcvv", "cvc",
                                         "cvv",        "cvv2",    "cvvcode", NULL};
static const char *const CARD_COMPLETE[] = {"cc-number", "cc-csc", NULL};
static const char *const TOKEN[] = {"csrf",   "xsrf",    "token",     "authenticity", "nonce",
                                    "sectok", "formkey", "viewstate", "verification", NULL};

static bool holds(struct text name, const char *const *words) {
    for (; *words != NULL; words++)
        if (text_ifind(name, text_of(*words)) >= 0)
            return true;
    return false;
}

static bool equals(struct text name, const char *const *words) {
    for (; *words != NULL; words++)
        if (text_ieq(name, text_of(*words)))
            return true;
    return false;
}

/* name without separators, cut. */
static struct text plain(struct text name, char dst[static NAME_SIZE]) {
    size_t len = 0;
    for (size_t i = 0; i < name.len && len < NAME_SIZE; i++) {
        char c = name.ptr[i];
        if ((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'))
            dst[len++] = c;
    }
    return text_make(dst, len);
}

static bool is_hidden(const struct html_field *field) {
    return text_ieq(field->type, TEXT("hidden"));
}

/* Fields people write into. */
static bool is_open(const struct html_field *field) {
    static const char *const OTHERS[] = {"hidden", "submit", "button",   "reset", "image",
                                         "file",   "radio",  "checkbox", "range", NULL};
    return !equals(field->type, OTHERS);
}

/* The last word of autocomplete: "shipping email". */
static struct text completes(const struct html_field *field) {
    struct text rest = field->autocomplete, word = {NULL, 0};
    while (rest.ptr != NULL && text_cut(&rest, ' ', &word))
        continue;
    return word;
}

static bool is_named(const struct html_field *field, const char *const *within,
                     const char *const *whole) {
    char name[NAME_SIZE], id[NAME_SIZE];
    struct text words[] = {plain(field->name, name), plain(field->id, id)};
    for (size_t i = 0; i < 2; i++)
        if (holds(words[i], within) || (whole != NULL && equals(words[i], whole)))
            return true;
    return false;
}

bool field_is_password(const struct html_field *field) {
    return text_ieq(field->type, TEXT("password"));
}

bool field_is_email(const struct html_field *field) {
    return is_open(field) &&
           (text_ieq(field->type, TEXT("email")) || text_ieq(completes(field), TEXT("email")) ||
            is_named(field, EMAIL, NULL));
}

bool field_is_personal(const struct html_field *field) {
    return is_open(field) &&
           (text_ieq(field->type, TEXT("email")) || text_ieq(field->type, TEXT("tel")) ||
            equals(completes(field), PERSONAL_COMPLETE) ||
            is_named(field, PERSONAL, PERSONAL_EXACT));
}

bool field_is_card(const struct html_field *field) {
    return is_open(field) &&
           (equals(completes(field), CARD_COMPLETE) || is_named(field, CARD, CARD_EXACT));
}

static bool is_random(struct text value) {
    bool letter = false, digit = false;
    for (size_t i = 0; i < value.len; i++) {
        char c = value.ptr[i];
        if (c <= ' ' || c == '/' || c == '.' || c == '@')
            return false;
        digit = digit || (c >= '0' && c <= '9');
        letter = letter || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    }
    return letter && digit && value.len >= RANDOM_MIN_BYTES;
}

bool field_is_token(const struct html_field *field) {
    return is_hidden(field) && (is_named(field, TOKEN, NULL) || is_random(field->value));
}
