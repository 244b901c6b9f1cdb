/* Puts what strangers say into lines that cannot be taken for others' lines. */
#include "runner/journal.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "agnostic/base/time.h"
#include "agnostic/task/clean.h"

void journal_init(struct journal *journal, int64_t attempt) {
    *journal = (struct journal){.attempt = attempt, .due_ms = INT64_MAX};
    buf_init(&journal->held, JOURNAL_HELD_MAX);
}

void journal_done(struct journal *journal) {
    buf_done(&journal->held);
}

/* Whole or not at all. */
static bool hold(struct journal *journal, struct text line) {
    char now[TIME_ISO_SIZE];
    size_t before = journal->held.len;
    time_rfc3339_ms(time_wall_us(), now);
    if (before + sizeof(now) + 1 + line.len > JOURNAL_HELD_MAX) {
        return false;
    }
    buf_puts(&journal->held, now);
    buf_putc(&journal->held, ' ');
    buf_puttext(&journal->held, line);
    if (journal->held.failed) {
        buf_cut(&journal->held, before);
        return false;
    }
    if (before == 0) {
        journal->due_ms = time_mono_ms() + JOURNAL_EVERY_MS;
    }
    return true;
}

__attribute__((format(printf, 2, 3))) static void head(struct journal *journal, const char *format,
                                                       ...) {
    char line[256];
    va_list args;
    va_start(args, format);
    vsnprintf(line, sizeof(line), format, args);
    va_end(args);
    hold(journal, text_of(line));
}

void journal_begin(struct journal *journal, const char *agent, struct journal_voice *voice) {
    *voice = (struct journal_voice){journal, agent, JOURNAL_AGENT_MAX, 0};
    head(journal, "== attempt %lld: %s ==\n", (long long)journal->attempt, agent);
}

void journal_end(struct journal_voice *voice) {
    if (voice->lost > 0) {
        head(voice->journal, "== not kept of %s: %llu lines ==\n", voice->agent,
             (unsigned long long)voice->lost);
    }
    voice->agent = NULL;
}

/* --- what strangers say --------------------------------------------------------------- */

/* Further lines are indented: only ours begin with a moment. */
static void put_indented(struct buf *buf, struct text said) {
    struct text line;
    bool first = true;
    while (text_cut(&said, '\n', &line)) {
        buf_puts(buf, first ? "" : "\n    ");
        buf_puttext(buf, line);
        first = false;
    }
}

static bool put_line(const struct journal_voice *voice, const char *source, struct text said,
                     struct buf *line) {
    struct buf plain;
    buf_init(&plain, JOURNAL_LINE_MAX);
    for (size_t i = 0; i < said.len && i < JOURNAL_LINE_MAX / 4; i++) {
        bool ascii = (unsigned char)said.ptr[i] < 0x80;
        buf_putc(&plain, ascii ? said.ptr[i] : '?');
    }
    char *clean = clean_dup(text_is_utf8(said) ? said : buf_text(&plain), JOURNAL_LINE_MAX);
    if (clean) {
        buf_printf(line, "%lld %s %s: ", (long long)voice->journal->attempt, voice->agent, source);
        put_indented(line, text_of(clean));
        buf_putc(line, '\n');
    }
    bool made = clean && !line->failed;
    free(clean);
    buf_done(&plain);
    return made;
}

void journal_say(struct journal_voice *voice, const char *source, struct text said) {
    struct buf line;
    if (!voice->agent) {
        return;
    }
    if (voice->room <= 0) {
        voice->lost++;
        return;
    }
    buf_init(&line, 8 * JOURNAL_LINE_MAX);
    bool kept = put_line(voice, source, said, &line) && hold(voice->journal, buf_text(&line));
    voice->lost += !kept;
    voice->room -= kept ? (int64_t)line.len : 0;
    buf_done(&line);
}

/* --- taking them along ------------------------------------------------------------------ */

struct text journal_lines(const struct journal *journal) {
    return buf_text(&journal->held);
}

void journal_taken(struct journal *journal) {
    buf_reset(&journal->held);
    journal->due_ms = INT64_MAX;
}

void journal_not_taken(struct journal *journal) {
    journal->due_ms = time_mono_ms() + JOURNAL_AGAIN_MS;
}
