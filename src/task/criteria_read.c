/* Sentences of a request, read by the rows of the grammar. */
#include <string.h>

#include "task/criterion_rows.h"

/* Of a field: more than the constraints have room for, which are read whole. */
enum { SENTENCES_MAX = REQUEST_CONSTRAINTS_MAX / 2 + 1 };

static const char CONSTRAINTS[] = "constraints";

/* What reads one request: the rows compiled, and what they gave. */
struct reader {
    struct pattern *patterns[CRITERION_ROWS_MAX], *demand;
    struct criteria *criteria;
};

static void reader_done(struct reader *reader) {
    for (size_t i = 0; i < CRITERION_ROWS_MAX; i++)
        pattern_free(reader->patterns[i]);
    pattern_free(reader->demand);
}

static enum err reader_init(struct reader *reader, struct criteria *criteria) {
    enum err err = pattern_new("\\b(?:must|shall|has\\ to|have\\ to|needs?\\ to|required?|"
                               "acceptance)\\b",
                               &reader->demand);
    for (size_t i = 0; err == ERR_OK && criterion_row(i) != NULL; i++)
        err = pattern_new(criterion_row(i)->expression, &reader->patterns[i]);
    reader->criteria = criteria;
    return err;
}

static void reader_keep(struct reader *reader, const struct criterion *criterion) {
    criteria_limit(&reader->criteria->limits, criterion);
    if (reader->criteria->count < CRITERIA_MAX)
        reader->criteria->items[reader->criteria->count++] = *criterion;
    else
        reader->criteria->more = true;
}

/* The parts of a sentence that rows have read. */
enum { SPANS_MAX = CRITERIA_EXCLUDE_MAX + CRITERIA_MAX };
struct spans {
    struct {
        size_t start, end;
    } items[SPANS_MAX];
    size_t count;
};

static bool spans_take(struct spans *spans, const struct pattern_match *match) {
    for (size_t i = 0; i < spans->count; i++)
        if (match->start < spans->items[i].end && spans->items[i].start < match->end)
            return false;
    if (spans->count == SPANS_MAX)
        return false;
    spans->items[spans->count].start = match->start;
    spans->items[spans->count++].end = match->end;
    return true;
}

/* What may not be done stands in the constraints; elsewhere the same words mean something else. */
static bool reader_takes(const struct criterion *criterion) {
    bool forbids = criterion->kind == CRITERION_LIMIT || criterion->kind == CRITERION_UNMAPPED;
    return !forbids || strcmp(criterion->field, CONSTRAINTS) == 0;
}

static bool reader_sentence(struct reader *reader, struct text sentence, const char *field) {
    struct spans spans;
    bool any = false;
    const struct criterion_row *row;
    spans.count = 0;
    for (size_t i = 0; (row = criterion_row(i)) != NULL; i++) {
        struct pattern_match match;
        for (size_t from = 0; pattern_find(reader->patterns[i], sentence, from, &match);) {
            struct criterion criterion = {.text = sentence, .field = field};
            from = match.end > from ? match.end : from + 1;
            if (row->fill(&match, &criterion) && reader_takes(&criterion) &&
                spans_take(&spans, &match)) {
                reader_keep(reader, &criterion);
                any = true;
            }
        }
    }
    return any;
}

static bool is_white(char c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static struct text sentence_plain(struct text sentence) {
    sentence = text_trim(sentence);
    while (sentence.len > 0 &&
           (sentence.ptr[0] == '-' || sentence.ptr[0] == '*' || sentence.ptr[0] == ' ')) {
        sentence.ptr++;
        sentence.len--;
    }
    return sentence;
}

/* "- /admin": a line that is nothing but a path belongs to the sentence before. */
static bool is_path_line(struct text text) {
    struct text line;
    if (!text_cut(&text, '\n', &line))
        return false;
    line = sentence_plain(line);
    return text_starts(line, TEXT("/")) && text_find(line, TEXT(" ")) < 0;
}

/* A sentence ends with a line, a semicolon, or a full stop before a blank. */
static bool sentence_ends(struct text text, size_t at) {
    struct text rest = text_make(text.ptr + at + 1, text.len - at - 1);
    switch (text.ptr[at]) {
    case '\n':
        return !is_path_line(rest);
    case ';':
        return true;
    case '.':
    case '!':
        return rest.len == 0 || is_white(rest.ptr[0]);
    default:
        return false;
    }
}

static void reader_field(struct reader *reader, struct text text, const char *field, bool prose) {
    size_t start = 0, sentences = 0;
    for (size_t at = 0; text.ptr != NULL && at <= text.len; at++) {
        if (at < text.len && !sentence_ends(text, at))
            continue;
        struct text sentence = sentence_plain(text_make(text.ptr + start, at - start));
        struct pattern_match match;
        start = at + 1;
        if (sentence.len == 0)
            continue;
        if (++sentences > SENTENCES_MAX) {
            reader->criteria->more = true;
            return;
        }
        if (!reader_sentence(reader, sentence, field) &&
            (!prose || pattern_find(reader->demand, sentence, 0, &match)))
            reader_keep(reader, &(struct criterion){
                                    .kind = CRITERION_UNMAPPED, .text = sentence, .field = field});
    }
}

/* Nobody wrote a default, so nobody is to be told that it is not understood. */
static struct text written(struct text field, const char *fallback) {
    return text_is(field, fallback) ? text_of("") : field;
}

enum err criteria_read(const struct request *request, struct criteria *ret_criteria) {
    struct reader reader = {.demand = NULL};
    *ret_criteria = (struct criteria){.limits = CRITERIA_UNLIMITED};
    enum err err = reader_init(&reader, ret_criteria);
    if (err == ERR_OK) {
        reader_field(&reader, request->description, "description", true);
        reader_field(&reader, written(request->business_goals, REQUEST_GOALS_DEFAULT),
                     "business_goals", false);
        reader_field(&reader, written(request->constraints, REQUEST_CONSTRAINTS_DEFAULT),
                     CONSTRAINTS, false);
    }
    reader_done(&reader);
    return err;
}
