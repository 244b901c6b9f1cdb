/* fuzz_robots: the first line is a URL, the rest a robots.txt. The file itself may always be
 * fetched, equal pages have one form, and that form is its own. */
#include <stdlib.h>

#include "agnostic/probe/canonical.h"
#include "agnostic/probe/robots.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool condition) {
    if (!condition)
        abort();
}

static void check_canonical(const struct url *url) {
    struct buf once, twice, template;
    struct url again;
    buf_init(&once, CANONICAL_MAX_BYTES);
    buf_init(&twice, CANONICAL_MAX_BYTES);
    buf_init(&template, CANONICAL_MAX_BYTES);
    canonical_put(url, &once);
    canonical_template(url, &template);
    require(!once.failed && !template.failed && template.data[0] == '/');
    if (url_parse(buf_text(&once), &again, NULL) == ERR_OK) { /* escapes may make it too long */
        canonical_put(&again, &twice);
        require(text_eq(buf_text(&once), buf_text(&twice)));
    }
    buf_done(&once);
    buf_done(&twice);
    buf_done(&template);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct text rest = text_make((const char *)data, size), line;
    struct robots *robots = NULL;
    struct url url, file;
    if (data == NULL || !text_cut(&rest, '\n', &line) || url_parse(line, &url, NULL) != ERR_OK)
        return 0;
    check_canonical(&url);
    require(url_parse(TEXT("http://a.test/robots.txt"), &file, NULL) == ERR_OK);
    require(robots_read(200, rest, "agnostic-qa", NULL, &robots) == ERR_OK);
    require(robots_allows(robots, &file));
    (void)robots_allows(robots, &url);
    robots_free(robots);
    return 0;
}
