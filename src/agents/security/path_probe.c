/* Paths and their signatures, one table. Sends nothing; quotes nothing of what it reads. */
#include "agents/security/path_probe.h"

#include <string.h>

#include "agnostic/probe/html.h"

enum { PAGE_FRONT_BYTES = 1024, KEY_MIN = 3, GIT_HEAD_MAX_BYTES = 200 };

static bool is_upper(char c) {
    return c >= 'A' && c <= 'Z';
}

static bool is_name(char c) {
    return is_upper(c) || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
}

/* The next line that is neither blank nor a comment; false at the end. */
static bool next_line(struct text *rest, struct text *ret_line) {
    while (rest->ptr != NULL && text_cut(rest, '\n', ret_line)) {
        *ret_line = text_trim(*ret_line);
        if (ret_line->len > 0 && ret_line->ptr[0] != '#')
            return true;
    }
    return false;
}

static bool starts_with_one(struct text text, const char *const *words) {
    for (; *words != NULL; words++)
        if (text_starts(text, text_of(*words)))
            return true;
    return false;
}

/* The title of a page, blanks trimmed. */
static struct text title_of(struct text body) {
    struct text none = {NULL, 0};
    long at = text_ifind(body, TEXT("<title>"));
    if (at < 0)
        return none;
    size_t start = (size_t)at + sizeof("<title>") - 1;
    struct text rest = text_make(body.ptr + start, body.len - start);
    long end = text_ifind(rest, TEXT("</title>"));
    return end < 0 ? none : text_trim(text_make(rest.ptr, (size_t)end));
}

/* --- signatures that are more than words ------------------------------------------------------ */

static bool read_git_head(struct text body) {
    return body.len <= GIT_HEAD_MAX_BYTES && text_starts(body, TEXT("ref: refs/"));
}

static bool read_git_config(struct text body) {
    struct text line;
    return next_line(&body, &line) && text_is(line, "[core]");
}

/* NAME=value, of one line; *ret_loud: the name is in capitals. */
static bool is_assignment(struct text line, bool *ret_loud) {
    size_t len = 0;
    bool loud = true;
    if (text_starts(line, TEXT("export ")))
        line = text_trim(text_make(line.ptr + 7, line.len - 7));
    for (; len < line.len && is_name(line.ptr[len]); len++)
        loud = loud && !(line.ptr[len] >= 'a' && line.ptr[len] <= 'z');
    *ret_loud = loud;
    return len >= KEY_MIN && len < line.len && line.ptr[len] == '=' &&
           !(line.ptr[0] >= '0' && line.ptr[0] <= '9');
}

/* Values may go on over lines, so not every line need be an assignment; the first must. */
static bool read_settings(struct text body) {
    size_t lines = 0, assignments = 0;
    bool any_loud = false, loud = false;
    struct text line;
    while (next_line(&body, &line)) {
        bool assigns = is_assignment(line, &loud);
        if (lines == 0 && !assigns)
            return false;
        lines++;
        assignments += assigns ? 1 : 0;
        any_loud = any_loud || (assigns && loud);
    }
    return any_loud && assignments * 2 > lines;
}

static bool read_hg(struct text body) {
    struct text line;
    bool known = false;
    while (next_line(&body, &line)) {
        for (size_t i = 0; i < line.len; i++)
            if (line.ptr[i] == ' ' || line.ptr[i] == '<' || line.ptr[i] == '{')
                return false;
        known = known || text_starts(line, TEXT("revlog")) || text_is(line, "dotencode");
    }
    return known;
}

static bool read_cvs(struct text body) {
    static const char *const METHODS[] = {":pserver:", ":ext:", ":local:", ":gserver:", NULL};
    struct text line;
    return next_line(&body, &line) && starts_with_one(line, METHODS) && !next_line(&body, &line);
}

static bool read_htpasswd(struct text body) {
    static const char *const HASHES[] = {"$apr1$", "$2y$", "$2a$", "$2b$", "{SHA}",
                                         "$1$",    "$5$",  "$6$",  NULL};
    struct text line, name;
    size_t users = 0;
    while (next_line(&body, &line)) {
        if (!text_cut(&line, ':', &name) || name.len == 0 || line.ptr == NULL ||
            !starts_with_one(line, HASHES))
            return false;
        users++;
    }
    return users > 0;
}

static bool read_htaccess(struct text body) {
    static const char *const DIRECTIVES[] = {
        "RewriteEngine ", "RewriteCond ",    "RewriteRule ", "AuthType ",      "AuthName ",
        "AuthUserFile ",  "Require ",        "Order ",       "Deny from ",     "Allow from ",
        "Options ",       "DirectoryIndex ", "<IfModule ",   "<Files ",        "<FilesMatch ",
        "ErrorDocument ", "php_value ",      "php_flag ",    "Header set ",    "AddType ",
        "AddHandler ",    "SetEnv ",         "Satisfy ",     "ExpiresActive ", NULL};
    struct text line;
    return next_line(&body, &line) && starts_with_one(line, DIRECTIVES);
}

/* A dump says so itself, or holds statements from its start. */
static bool read_sql(struct text body) {
    static const char *const STATEMENTS[] = {"CREATE TABLE ", "CREATE DATABASE ",    "INSERT INTO ",
                                             "DROP TABLE ",   "PRAGMA foreign_keys", NULL};
    static const char *const DUMPS[] = {"-- MySQL dump", "-- MariaDB dump",
                                        "-- PostgreSQL database dump", "-- phpMyAdmin SQL Dump",
                                        NULL};
    struct text line;
    while (next_line(&body, &line)) {
        if (starts_with_one(line, DUMPS) || starts_with_one(line, STATEMENTS))
            return true;
        if (!text_starts(line, TEXT("--")) && !text_starts(line, TEXT("/*")) &&
            !text_starts(line, TEXT("SET ")) && !text_starts(line, TEXT("BEGIN")))
            return false;
    }
    return false;
}

static bool read_metrics(struct text body) {
    return text_starts(body, TEXT("# HELP ")) || text_starts(body, TEXT("# TYPE "));
}

static bool read_key(struct text body) {
    long at = text_find(body, TEXT("PRIVATE KEY"
                                   "-----\n"));
    if (at < 0)
        at = text_find(body, TEXT("PRIVATE KEY"
                                  "-----\r\n"));
    return at >= 0 && at < 40;
}

static bool read_installer(struct text body) {
    struct text title = title_of(body);
    return text_find(title, TEXT("Installer")) >= 0 || text_find(title, TEXT("Installation")) >= 0;
}

/* Every domain or every URI, quoted either way. */
static bool read_everybody(struct text body) {
    static const char *const OPEN[] = {"<allow-access-from domain=\"*\"",
                                       "<allow-access-from domain='*'",
                                       "<domain uri=\"*\"",
                                       "<domain uri='*'",
                                       "<domain uri=\"http://*\"",
                                       "<domain uri=\"https://*\"",
                                       NULL};
    for (size_t i = 0; OPEN[i] != NULL; i++)
        if (text_ifind(body, text_of(OPEN[i])) >= 0)
            return true;
    return false;
}

static bool read_security_txt(struct text body) {
    struct text line;
    while (next_line(&body, &line))
        if (text_istarts(line, TEXT("Contact:")))
            return true;
    return false;
}

/* --- the table ----------------------------------------------------------------------------- */

/* What is offered to be taken but costs the server much to make (a heap dump) is not asked for:
 * the list of an actuator names it. */
static const struct path_probe PROBES[] = {
    /* clang-format off */
    {PATH_GIT, 0, "/.git/HEAD", "the head of a Git repository", .read = read_git_head},
    {PATH_GIT, 0, "/.git/config", "the configuration of a Git repository", .words = {"repositoryformatversion"}, .read = read_git_config},
    {PATH_SETTINGS, 0, "/.env", "a file of settings and secrets", .read = read_settings},
    {PATH_SETTINGS, 0, "/.env.local", "a file of settings and secrets", .read = read_settings},
    {PATH_SETTINGS, 0, "/.env.production", "a file of settings and secrets", .read = read_settings},
    {PATH_REPOSITORY, 0, "/.svn/wc.db", "the database of a Subversion copy", .front = TEXT("SQLite format 3")},
    {PATH_REPOSITORY, 0, "/.hg/requires", "a Mercurial repository", .read = read_hg},
    {PATH_REPOSITORY, 0, "/.bzr/branch-format", "a Bazaar branch", .front = TEXT("Bazaar-NG")},
    {PATH_REPOSITORY, 0, "/CVS/Root", "a CVS copy", .read = read_cvs},
    {PATH_SERVER_CONFIG, 0, "/.htpasswd", "names and password hashes", .read = read_htpasswd},
    {PATH_SERVER_CONFIG, 0, "/.htaccess", "configuration of Apache", .read = read_htaccess},
    {PATH_SERVER_CONFIG, 0, "/web.config", "configuration of IIS", .front = TEXT("<"), .words = {"<configuration", "<system.web"}},
    {PATH_SERVER_CONFIG, 0, "/WEB-INF/web.xml", "configuration of a Java application", .front = TEXT("<"), .words = {"<web-app"}},
    {PATH_BACKUP, 0, "/backup.zip", "a ZIP archive", .front = TEXT("PK\x03\x04")},
    {PATH_BACKUP, 0, "/backup.tar.gz", "a compressed archive", .front = TEXT("\x1f\x8b\x08")},
    {PATH_BACKUP, 0, "/backup.sql", "a dump of a database", .read = read_sql},
    {PATH_BACKUP, 0, "/dump.sql", "a dump of a database", .read = read_sql},
    {PATH_BACKUP, 0, "/database.sql", "a dump of a database", .read = read_sql},
    {PATH_BACKUP, 0, "/db.sqlite", "an SQLite database", .front = TEXT("SQLite format 3")},
    {PATH_BACKUP, 0, "/db.sqlite3", "an SQLite database", .front = TEXT("SQLite format 3")},
    {PATH_BACKUP, 0, "/index.php~", "source code of PHP", .words = {"<?php"}},
    {PATH_BACKUP, 0, "/index.php.bak", "source code of PHP", .words = {"<?php"}},
    {PATH_BACKUP, 0, "/wp-config.php.bak", "configuration of WordPress", .front = TEXT("<?php"), .words = {"DB_PASSWORD"}},
    {PATH_BACKUP, 0, "/.index.php.swp", "what an editor left of a file", .front = TEXT("b0VIM ")},
    {PATH_PHPINFO, 0, "/phpinfo.php", "phpinfo()", .words = {"<title>", "phpinfo()", "PHP Version "}, .page = true},
    {PATH_PHPINFO, 0, "/info.php", "phpinfo()", .words = {"<title>", "phpinfo()", "PHP Version "}, .page = true},
    {PATH_PHPINFO, 0, "/test.php", "phpinfo()", .words = {"<title>", "phpinfo()", "PHP Version "}, .page = true},
    {PATH_STATUS, 0, "/server-status", "what Apache is doing, and for whom", .words = {"Apache Server Status for ", "Server Version:"}, .page = true},
    {PATH_STATUS, 0, "/server-info", "the configuration of Apache", .words = {"Apache Server Information", "Server Version:"}, .page = true},
    {PATH_STATUS, 0, "/nginx_status", "the state of nginx", .front = TEXT("Active connections: "), .words = {"server accepts handled requests"}},
    {PATH_STATUS, 0, "/metrics", "metrics for Prometheus", .words = {"# TYPE "}, .read = read_metrics},
    {PATH_STATUS, 0, "/debug/pprof/", "the profiler of a Go program", .words = {"/debug/pprof/", "goroutine", "heap"}, .page = true},
    {PATH_STATUS, 0, "/debug/vars", "the variables of a Go program", .front = TEXT("{"), .words = {"\"memstats\"", "\"cmdline\""}},
    {PATH_ACTUATOR, 0, "/actuator/env", "the environment of a Spring application", .front = TEXT("{"), .words = {"\"activeProfiles\"", "\"propertySources\""}},
    {PATH_ACTUATOR, 1, "/actuator", "the actuator of a Spring application", .front = TEXT("{"), .words = {"\"_links\"", "\"self\"", "/actuator"}},
    {PATH_KEY, 0, "/id_rsa", "a private key", .front = TEXT("-----BEGIN "), .read = read_key},
    {PATH_KEY, 0, "/.ssh/id_rsa", "a private key", .front = TEXT("-----BEGIN "), .read = read_key},
    {PATH_KEY, 0, "/server.key", "a private key", .front = TEXT("-----BEGIN "), .read = read_key},
    {PATH_KEY, 0, "/privatekey.key", "a private key", .front = TEXT("-----BEGIN "), .read = read_key},
    {PATH_PROJECT, 0, "/.DS_Store", "the contents of a folder, by macOS", .front = TEXT("\0\0\0\1Bud1")},
    {PATH_PROJECT, 0, "/Thumbs.db", "pictures of a folder, by Windows", .front = TEXT("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")},
    {PATH_PROJECT, 0, "/composer.lock", "exact versions of PHP libraries", .front = TEXT("{"), .words = {"\"packages\"", "\"content-hash\""}},
    {PATH_PROJECT, 0, "/package-lock.json", "exact versions of JavaScript libraries", .front = TEXT("{"), .words = {"\"lockfileVersion\""}},
    {PATH_PROJECT, 0, "/.idea/workspace.xml", "a developer's workspace", .front = TEXT("<?xml"), .words = {"<project version=", "<component name="}},
    {PATH_PROJECT, 0, "/sftp-config.json", "how files are uploaded", .front = TEXT("{"), .words = {"\"host\"", "\"remote_path\""}},
    {PATH_PROJECT, 0, "/.vscode/sftp.json", "how files are uploaded", .front = TEXT("{"), .words = {"\"host\"", "\"remotePath\""}},
    {PATH_SCHEMA, 0, "/openapi.json", "a description of an API", .front = TEXT("{"), .words = {"\"openapi\"", "\"paths\""}},
    {PATH_SCHEMA, 0, "/swagger.json", "a description of an API", .front = TEXT("{"), .words = {"\"swagger\"", "\"paths\""}},
    {PATH_SCHEMA, 0, "/v3/api-docs", "a description of an API", .front = TEXT("{"), .words = {"\"openapi\"", "\"paths\""}},
    {PATH_SCHEMA, 0, "/graphql?query=%7B__schema%7BqueryType%7Bname%7D%7D%7D", "the schema of a GraphQL service", .front = TEXT("{"), .words = {"\"__schema\"", "\"queryType\""}},
    {PATH_SECURITY_TXT, 0, "/.well-known/security.txt", "whom to tell of holes", .read = read_security_txt},
    {PATH_SAMPLE, 0, "/manager/html", "the manager of Tomcat", .challenge = "Tomcat Manager Application"},
    {PATH_SAMPLE, 0, "/examples/", "the examples of Tomcat", .words = {"Apache Tomcat Examples"}, .page = true},
    {PATH_SAMPLE, 0, "/phpmyadmin/", "phpMyAdmin", .words = {"phpMyAdmin", "pma_username"}, .page = true},
    {PATH_SAMPLE, 0, "/adminer.php", "Adminer", .words = {"Adminer", "auth[driver]"}, .page = true},
    {PATH_SAMPLE, 0, "/wp-admin/install.php", "the installer of WordPress", .words = {"WordPress", "<form"}, .read = read_installer, .page = true},
    {PATH_SAMPLE, 0, "/install.php", "an installer", .words = {"<form"}, .read = read_installer, .page = true},
    {PATH_CROSS_DOMAIN, 0, "/crossdomain.xml", "a policy that lets every site read", .front = TEXT("<"), .words = {"<cross-domain-policy"}, .read = read_everybody},
    {PATH_CROSS_DOMAIN, 0, "/clientaccesspolicy.xml", "a policy that lets every site read", .front = TEXT("<"), .words = {"<access-policy"}, .read = read_everybody},
    /* clang-format on */
};
_Static_assert(sizeof(PROBES) / sizeof(PROBES[0]) <= PATH_PROBES_MAX, "too many paths");

const struct path_probe *path_probe_get(size_t index) {
    return index < sizeof(PROBES) / sizeof(PROBES[0]) ? &PROBES[index] : NULL;
}

/* --- reading ------------------------------------------------------------------------------- */

/* By what stands there: files are served with every Content-Type. */
static bool is_page(struct text body) {
    static const char *const SIGNS[] = {"<!doctype html", "<html",  "<head", "<body",
                                        "<script",        "<title", NULL};
    struct text front =
        text_make(body.ptr, body.len < PAGE_FRONT_BYTES ? body.len : PAGE_FRONT_BYTES);
    for (size_t i = 0; SIGNS[i] != NULL; i++)
        if (text_ifind(front, text_of(SIGNS[i])) >= 0)
            return true;
    return false;
}

static bool has_words(const struct path_probe *probe, struct text body) {
    for (size_t i = 0; i < sizeof(probe->words) / sizeof(probe->words[0]); i++)
        if (probe->words[i] != NULL && text_find(body, text_of(probe->words[i])) < 0)
            return false;
    return true;
}

static bool has_front(const struct path_probe *probe, struct text body) {
    return probe->front.ptr == NULL || text_starts(body, probe->front) ||
           text_starts(text_trim(body), probe->front);
}

bool path_probe_found(const struct path_probe *probe, const struct answer *answer) {
    struct text body = buf_text(&answer->response.body);
    if (probe->challenge != NULL)
        return answer->response.status == 401 &&
               text_find(answer_header(answer, "WWW-Authenticate", 0), text_of(probe->challenge)) >=
                   0;
    return answer->response.status == 200 && body.len > 0 && has_front(probe, body) &&
           has_words(probe, body) && (probe->page || !is_page(body)) &&
           (probe->read == NULL || probe->read(body));
}

/* Not the way up, not a column to sort by. */
static bool is_entry(struct text url) {
    return url.len > 0 && url.ptr[0] != '?' && url.ptr[0] != '/' && url.ptr[0] != '#' &&
           !text_starts(url, TEXT("..")) && text_find(url, TEXT("://")) < 0;
}

bool path_probe_listing(struct text body) {
    static const char *const TITLES[] = {"Index of /", "Directory listing for /", NULL};
    struct html *html = NULL;
    bool found = false;
    size_t count = 0;
    if (!starts_with_one(title_of(body), TITLES) || html_parse(body, &html) != ERR_OK)
        return false;
    const struct html_link *links = html_links(html, &count);
    for (size_t i = 0; i < count && !found; i++)
        found = links[i].kind == HTML_ANCHOR && is_entry(links[i].url);
    html_free(html);
    return found;
}
