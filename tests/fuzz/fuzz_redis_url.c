/* fuzz_redis_url: an address of Redis that is accepted names a place, and what is refused is never
 * quoted. */
#include <stdlib.h>
#include <string.h>

#include "store/redis_url.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool condition) {
    if (!condition)
        abort();
}

static bool ends(const char *string, size_t size) {
    return memchr(string, '\0', size) != NULL;
}

static void check(const struct redis_url *url) {
    require((url->path[0] == '/') == (url->host_count == 0));
    require(url->host_count <= REDIS_URL_HOSTS_MAX);
    require(url->master[0] != '\0' || url->host_count <= 1);
    for (size_t i = 0; i < url->host_count; i++) {
        require(url->hosts[i].name[0] != '\0' &&
                ends(url->hosts[i].name, sizeof url->hosts[i].name));
        require(url->hosts[i].port > 0 && url->hosts[i].port < 65536);
    }
    require(url->db >= 0 && url->db <= REDIS_URL_DB_MAX);
    require(url->user[0] == '\0' || url->password[0] != '\0');
    require(ends(url->user, sizeof url->user) && ends(url->password, sizeof url->password));
    require(ends(url->path, sizeof url->path) && ends(url->master, sizeof url->master));
    require(ends(url->sentinel_password, sizeof url->sentinel_password));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct redis_url url;
    struct fault first = {0}, fault = {0};
    char *string = malloc(size + 1);
    require(string != NULL);
    if (size > 0)
        memcpy(string, data, size);
    string[size] = '\0';
    require(redis_url_read("", &url, &first) == ERR_CONFIG);
    if (redis_url_read(string, &url, &fault) == ERR_OK)
        check(&url);
    else
        require(strcmp(fault.text, first.text) == 0);
    free(string);
    return 0;
}
