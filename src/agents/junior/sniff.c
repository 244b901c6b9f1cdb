/* Beginnings and the types they go with, as tables. Knows no site. */
#include "agents/junior/sniff.h"

#include <string.h>

#include "agnostic/base/json.h"

enum { TYPES_MAX = 4 };

/* A dot stands for any byte where `any` says so. */
static const struct signature {
    const char *bytes;
    size_t len;
    bool any;
    const char *is;
    const char *types[TYPES_MAX];
} SIGNATURES[] = {
    {"\x89PNG\r\n\x1a\n", 8, false, "a PNG image", {"image/png", "image/apng", "image/x-png"}},
    {"GIF87a", 6, false, "a GIF image", {"image/gif"}},
    {"GIF89a", 6, false, "a GIF image", {"image/gif"}},
    {"\xff\xd8\xff", 3, false, "a JPEG image", {"image/jpeg", "image/jpg", "image/pjpeg"}},
    {"RIFF....WEBPVP", 14, true, "a WebP image", {"image/webp"}},
    {"%PDF-", 5, false, "a PDF document", {"application/pdf", "application/x-pdf"}},
    {"\x1f\x8b\x08",
     3,
     false,
     "gzip data",
     {"application/gzip", "application/x-gzip", "application/tar+gzip"}},
    {"PK\x03\x04", 4, false, "a ZIP archive", {"application/zip", "application/x-zip-compressed"}},
    {"wOFF", 4, false, "a WOFF font", {"font/woff", "application/font-woff"}},
    {"wOF2", 4, false, "a WOFF2 font", {"font/woff2", "application/font-woff2"}},
};

/* What types begin with that hold text: none of the signatures above. */
static const char *const TEXTUAL[] = {"text/",
                                      "image/svg+xml",
                                      "application/javascript",
                                      "application/x-javascript",
                                      "application/ecmascript",
                                      "application/json",
                                      "application/ld+json",
                                      "application/manifest+json",
                                      "application/xml",
                                      "application/xhtml+xml"};
/* What types begin with that cannot begin as HTML does. */
static const char *const NO_HTML[] = {"image/",
                                      "font/",
                                      "audio/",
                                      "video/",
                                      "text/css",
                                      "text/javascript",
                                      "application/javascript",
                                      "application/x-javascript",
                                      "application/ecmascript",
                                      "application/json",
                                      "application/ld+json",
                                      "application/manifest+json"};
static const char *const HTML[] = {"<!doctype html", "<html", "<head", "<body"};
/* What our own reader refuses and yet has the grammar of RFC 8259. */
static const char *const STILL_JSON[] = {
    "NUL in string",  "Unpaired surrogate", "Invalid UTF-8",  "Number out of range",
    "Too many names", "Too deep",           "Duplicate name", "Too many values"};
#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

static bool sniff_begins(struct text t, const char *const *words, size_t count) {
    for (size_t i = 0; i < count; i++)
        if (text_istarts(t, text_of(words[i])))
            return true;
    return false;
}

/* --- beginnings ------------------------------------------------------------------------------- */

static bool sniff_has(const struct signature *signature, struct text body) {
    if (body.len < signature->len)
        return false;
    for (size_t i = 0; i < signature->len; i++)
        if (body.ptr[i] != signature->bytes[i] && !(signature->any && signature->bytes[i] == '.'))
            return false;
    return true;
}

static const struct signature *sniff_signature(struct text body) {
    for (size_t i = 0; i < COUNT(SIGNATURES); i++)
        if (sniff_has(&SIGNATURES[i], body))
            return &SIGNATURES[i];
    return NULL;
}

static bool sniff_names(const struct signature *signature, struct text type) {
    for (size_t i = 0; i < TYPES_MAX && signature->types[i] != NULL; i++)
        if (text_ieq(type, text_of(signature->types[i])))
            return true;
    return false;
}

/* Is it a type of which the beginning is known? */
static bool sniff_is_known(struct text type) {
    for (size_t i = 0; i < COUNT(SIGNATURES); i++)
        if (sniff_names(&SIGNATURES[i], type))
            return true;
    return false;
}

/* Behind white space, and with its end: "<head>", not "<header>". */
static bool sniff_is_html(struct text body) {
    struct text rest = body;
    while (rest.len > 0 && strchr(" \t\r\n\f", rest.ptr[0]) != NULL)
        rest = text_make(rest.ptr + 1, rest.len - 1);
    for (size_t i = 0; i < COUNT(HTML); i++) {
        size_t len = strlen(HTML[i]);
        if (text_istarts(rest, text_of(HTML[i])) && rest.len > len &&
            (rest.ptr[len] == ' ' || rest.ptr[len] == '>'))
            return true;
    }
    return false;
}

/* --- JSON ------------------------------------------------------------------------------------- */

static bool sniff_says_json(struct text type) {
    return text_ieq(type, TEXT("application/json")) || text_ends(type, TEXT("+json"));
}

static bool sniff_is_json(struct text body) {
    struct json_fault fault = {0, ""};
    if (text_starts(body, TEXT(")]}'"))) /* so that no other site can run it as a script */
        return true;
    if (text_starts(body, TEXT("\xef\xbb\xbf"))) /* readers may pass over it: RFC 8259, 8.1 */
        body = text_make(body.ptr + 3, body.len - 3);
    if (json_check(body, &JSON_LIMITS_RESULT, &fault) != ERR_SYNTAX)
        return true;
    for (size_t i = 0; i < COUNT(STILL_JSON); i++)
        if (strcmp(fault.reason, STILL_JSON[i]) == 0)
            return true;
    return false;
}

/* --- both ------------------------------------------------------------------------------------- */

const char *sniff_contradiction(struct text type, struct text body, bool is_whole) {
    struct text rest = type, essence;
    if (body.len == 0 || !text_cut(&rest, ';', &essence))
        return NULL;
    essence = text_trim(essence);
    const struct signature *signature = sniff_signature(body);
    if (signature != NULL) {
        bool is_other = sniff_begins(essence, TEXTUAL, COUNT(TEXTUAL)) || sniff_is_known(essence);
        return is_other && !sniff_names(signature, essence) ? signature->is : NULL;
    }
    bool no_html = sniff_begins(essence, NO_HTML, COUNT(NO_HTML)) || sniff_is_known(essence);
    if (no_html && !text_istarts(essence, TEXT("image/svg+xml")) && sniff_is_html(body))
        return "HTML";
    if (is_whole && sniff_says_json(essence) && !sniff_is_json(body))
        return "no JSON";
    return NULL;
}
