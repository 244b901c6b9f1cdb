/* The table of forms, and which one an Accept field asks for. */
#include "agnostic/report/report.h"

#include <stdlib.h>
#include <string.h>

#include "report/forms.h"

static const struct {
    const char *name;
    const char *media;
    bool offered; /* by Accept */
    void (*write)(const struct view *view, struct buf *buf);
} FORMS[REPORT__COUNT] = {
    [REPORT_JSON] = {"json", "application/json", true, form_json},
    [REPORT_SARIF] = {"sarif", "application/sarif+json", true, form_sarif},
    [REPORT_JUNIT] = {"junit", "application/xml; charset=utf-8", true, form_junit},
    [REPORT_CODEQUALITY] = {"gitlab-codequality", "application/json", false, form_codequality},
    [REPORT_DAST] = {"gitlab-dast", "application/json", false, form_dast},
    [REPORT_MARKDOWN] = {"markdown", "text/markdown; charset=utf-8", true, form_markdown},
    [REPORT_ANNOTATIONS] = {"annotations", "text/plain; charset=utf-8", false, form_annotations},
    [REPORT_TEXT] = {"text", "text/plain; charset=utf-8", true, form_text},
    [REPORT_HTML] = {"html", "text/html; charset=utf-8", true, form_html},
};

bool report_find(struct text name, enum report_format *ret_format) {
    for (int format = 0; format < REPORT__COUNT; format++) {
        if (text_is(name, FORMS[format].name)) {
            *ret_format = (enum report_format)format;
            return true;
        }
    }
    return false;
}

const char *report_name(enum report_format format) {
    return FORMS[format].name;
}

const char *report_media(enum report_format format) {
    return FORMS[format].media;
}

/* --- Accept ---------------------------------------------------------------------------------- */

enum { WEIGHT_FULL = 1000, WEIGHT_DIGITS = 3 };

/* "0.8" in thousandths; what is no weight counts in full. */
static int weight_of(struct text value) {
    int weight = 0, digit = 100;
    if (value.len == 0 || (value.ptr[0] != '0' && value.ptr[0] != '1') ||
        value.len > 2 + WEIGHT_DIGITS || (value.len > 1 && value.ptr[1] != '.'))
        return WEIGHT_FULL;
    weight = (value.ptr[0] - '0') * WEIGHT_FULL;
    for (size_t i = 2; i < value.len; i++, digit /= 10) {
        if (value.ptr[i] < '0' || value.ptr[i] > '9')
            return WEIGHT_FULL;
        weight += (value.ptr[i] - '0') * digit;
    }
    return weight < WEIGHT_FULL ? weight : WEIGHT_FULL;
}

/* How exactly a range ("text/html", "text/" and a star, two stars) names a media type: 0 not at
 * all. */
static int exactness(struct text range, struct text media) {
    struct text type;
    (void)text_cut(&media, ';', &type);
    long slash = text_find(type, TEXT("/"));
    if (text_ieq(range, type))
        return 3;
    if (text_ends(range, TEXT("/*")) && slash > 0 && range.len == (size_t)slash + 2 &&
        text_istarts(type, text_make(range.ptr, (size_t)slash + 1)))
        return 2;
    return text_is(range, "*/*") ? 1 : 0;
}

/* The weight that an Accept field gives a media type: that of the range that names it best. */
static int acceptance(struct text accept, const char *media) {
    struct text item, range, parameter;
    int best = 0, weight = 0;
    while (text_cut(&accept, ',', &item)) {
        int given = WEIGHT_FULL;
        (void)text_cut(&item, ';', &range);
        while (item.ptr != NULL && text_cut(&item, ';', &parameter)) {
            parameter = text_trim(parameter);
            if (text_istarts(parameter, TEXT("q=")))
                given = weight_of(text_make(parameter.ptr + 2, parameter.len - 2));
        }
        int exact = exactness(text_trim(range), text_of(media));
        if (exact > best) {
            best = exact;
            weight = given;
        }
    }
    return weight;
}

bool report_negotiate(struct text accept, enum report_format *ret_format) {
    int best = 0;
    if (text_trim(accept).len == 0) {
        *ret_format = REPORT_JSON;
        return true;
    }
    for (int format = 0; format < REPORT__COUNT; format++) {
        int weight = FORMS[format].offered ? acceptance(accept, FORMS[format].media) : 0;
        if (weight > best) {
            best = weight;
            *ret_format = (enum report_format)format;
        }
    }
    return best > 0;
}

/* --- writing --------------------------------------------------------------------------------- */

enum err report_write(struct text record, struct text title, const struct past *past,
                      enum report_format format, struct buf *buf) {
    struct view *view;
    enum err err = view_new(record, title, &view);
    if (err != ERR_OK)
        return err;
    view->past = past;
    FORMS[format].write(view, buf);
    view_free(view);
    return buf->failed ? ERR_TOO_LARGE : ERR_OK;
}
