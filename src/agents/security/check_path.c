/* Paths that nobody ought to serve, each known by its content. No note quotes what was read. */
#include "agents/security/check.h"
#include "agents/security/need.h"
#include "agnostic/base/time.h"

enum { SECOND_US = 1000000 };

static bool check_path_measured(const struct answer *answer) {
    return answer->asked && answer->err == ERR_OK && !answer->response.head_truncated &&
           answer->response.status != 429 && answer->response.status != 503;
}

static const char *check_path_why(const struct answer *answer) {
    return answer->asked && answer->err == ERR_REFUSED ? "constraints" : "no_answer_to_paths";
}

/* The site gives the same for what does not exist. */
static bool check_path_is_nothing(const struct facts *facts, const struct answer *answer) {
    for (size_t i = 0; i < PATHS_RANDOM; i++) {
        const struct answer *nothing = &facts->paths.random[i];
        if (check_path_measured(nothing) && nothing->response.status == answer->response.status &&
            text_eq(buf_text(&nothing->response.body), buf_text(&answer->response.body)))
            return true;
    }
    return false;
}

/* What a path that cannot exist is answered must be known before anything is believed. */
static bool check_path_begin(const struct facts *facts, struct judgement *judgement) {
    if (!need_answer(facts, judgement))
        return false;
    for (size_t i = 0; i < PATHS_RANDOM; i++) {
        if (check_path_measured(&facts->paths.random[i]))
            continue;
        judgement_not_tested(judgement, "no_answer_to_paths");
        return false;
    }
    return true;
}

static bool check_path_served(const struct facts *facts, const struct path_probe *probe,
                              const struct answer *answer) {
    return path_probe_found(probe, answer) && !check_path_is_nothing(facts, answer);
}

static void check_path_blame(const struct answer *answer, struct judgement *judgement,
                             size_t variant, const char *what) {
    if (judgement_is_gravest(judgement, variant))
        judgement_reproduce_body(judgement, answer->url_text, text_make(NULL, 0));
    judgement_fault(judgement, variant, answer->url_text, "%.*s gives %s",
                    JUDGEMENT_VALUE(answer->url.path), what);
}

static void check_path_group(const struct facts *facts, struct judgement *judgement,
                             enum path_group group) {
    const struct path_probe *probe;
    if (!check_path_begin(facts, judgement))
        return;
    judgement_pass(judgement);
    for (size_t i = 0; (probe = path_probe_get(i)) != NULL; i++) {
        const struct answer *answer = &facts->paths.answers[i];
        if (probe->group != group)
            continue;
        if (!check_path_measured(answer))
            judgement_not_tested(judgement, check_path_why(answer));
        else if (check_path_served(facts, probe, answer))
            check_path_blame(answer, judgement, probe->variant, probe->what);
    }
}

void check_path_git(const struct facts *facts, struct judgement *judgement) {
    check_path_group(facts, judgement, PATH_GIT);
}

void check_path_settings(const struct facts *facts, struct judgement *judgement) {
    check_path_group(facts, judgement, PATH_SETTINGS);
}

void check_path_repository(const struct facts *facts, struct judgement *judgement) {
    check_path_group(facts, judgement, PATH_REPOSITORY);
}

void check_path_server_config(const struct facts *facts, struct judgement *judgement) {
    check_path_group(facts, judgement, PATH_SERVER_CONFIG);
}

void check_path_backup(const struct facts *facts, struct judgement *judgement) {
    check_path_group(facts, judgement, PATH_BACKUP);
}

void check_path_phpinfo(const struct facts *facts, struct judgement *judgement) {
    check_path_group(facts, judgement, PATH_PHPINFO);
}

void check_path_status(const struct facts *facts, struct judgement *judgement) {
    check_path_group(facts, judgement, PATH_STATUS);
}

void check_path_actuator(const struct facts *facts, struct judgement *judgement) {
    check_path_group(facts, judgement, PATH_ACTUATOR);
}

void check_path_key(const struct facts *facts, struct judgement *judgement) {
    check_path_group(facts, judgement, PATH_KEY);
}

void check_path_project(const struct facts *facts, struct judgement *judgement) {
    check_path_group(facts, judgement, PATH_PROJECT);
}

void check_path_schema(const struct facts *facts, struct judgement *judgement) {
    check_path_group(facts, judgement, PATH_SCHEMA);
}

void check_path_sample(const struct facts *facts, struct judgement *judgement) {
    check_path_group(facts, judgement, PATH_SAMPLE);
}

void check_path_cross_domain(const struct facts *facts, struct judgement *judgement) {
    check_path_group(facts, judgement, PATH_CROSS_DOMAIN);
}

/* --- directories ----------------------------------------------------------------------------- */

static void check_path_listing_of(const struct facts *facts, const struct answer *answer,
                                  struct judgement *judgement) {
    if (answer->response.status == 200 && path_probe_listing(buf_text(&answer->response.body)) &&
        !check_path_is_nothing(facts, answer))
        check_path_blame(answer, judgement, 0, "the list of a directory");
}

void check_path_listing(const struct facts *facts, struct judgement *judgement) {
    if (!check_path_begin(facts, judgement))
        return;
    judgement_pass(judgement);
    for (size_t i = 0; i < facts->pages.count; i++)
        if (facts->pages.items[i].is_html)
            check_path_listing_of(facts, facts->pages.items[i].answer, judgement);
    for (size_t i = 0; i < facts->paths.dir_count; i++) {
        if (check_path_measured(&facts->paths.dirs[i]))
            check_path_listing_of(facts, &facts->paths.dirs[i], judgement);
        else
            judgement_not_tested(judgement, "no_answer_to_paths");
    }
}

/* --- security.txt ---------------------------------------------------------------------------- */

/* Its Expires field, when it has a readable one. */
static bool check_path_expires(struct text body, int64_t *ret_us) {
    static const char NAME[] = "Expires:";
    struct text line;
    while (text_cut(&body, '\n', &line)) {
        line = text_trim(line);
        if (text_istarts(line, text_of(NAME)))
            return time_parse_iso(
                text_trim(text_make(line.ptr + sizeof(NAME) - 1, line.len - (sizeof(NAME) - 1))),
                ret_us);
        if (body.ptr == NULL)
            break;
    }
    return false;
}

void check_path_security_txt(const struct facts *facts, struct judgement *judgement) {
    const struct path_probe *probe;
    size_t i = 0;
    int64_t until_us = 0;
    if (!check_path_begin(facts, judgement))
        return;
    while ((probe = path_probe_get(i)) != NULL && probe->group != PATH_SECURITY_TXT)
        i++;
    const struct answer *answer = &facts->paths.answers[i];
    if (!check_path_measured(answer)) {
        judgement_not_tested(judgement, check_path_why(answer));
        return;
    }
    judgement_pass(judgement);
    if (!check_path_served(facts, probe, answer))
        check_path_blame(answer, judgement, 0, "no way to tell of holes");
    else if (!check_path_expires(buf_text(&answer->response.body), &until_us))
        check_path_blame(answer, judgement, 0, "a file without the date that it is good until");
    else if (until_us / SECOND_US < facts->now_s)
        check_path_blame(answer, judgement, 0, "a file that is out of date");
}
