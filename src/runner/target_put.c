/* What agents are told of a target that may be tested. */
#include "runner/target.h"

#include <stdio.h>
#include <stdlib.h>

void target_done(struct target *target) {
    free(target->allow);
    free(target->full);
    target->allow = target->full = NULL;
}

enum err target_name(const struct target *target, char hex[SECURE_HEX_SIZE]) {
    char name[URL_HOST_SIZE + 8];
    uint16_t port = target->url.port == 443 ? 80 : target->url.port;
    snprintf(name, sizeof(name), "%s %u", target->url.host, port);
    return secure_sha256_hex(text_of(name), hex);
}

int64_t target_places(const struct target *target) {
    return target->grant.max_rps < TARGET_SESSIONS_MAX ? 1 : TARGET_SESSIONS_MAX;
}

int64_t target_share(const struct target *target, bool alone) {
    if (!target) {
        return ALLOW_RPS_DEFAULT;
    }
    return alone ? target->grant.max_rps : target->grant.max_rps / target_places(target);
}

/* Up to that one. */
static void put_modes(enum target_mode mode, struct json_out *out) {
    static const char *const WORDS[] = {"passive", "safe", "active"};
    json_out_array(out);
    for (int i = 0; i <= (int)mode; i++) {
        json_out_str(out, WORDS[i]);
    }
    json_out_end_array(out);
}

void target_put(const struct target *target, struct json_out *out) {
    json_out_object(out);
    json_out_member(out, "url", target->full);
    json_out_member(out, "scheme", target->url.tls ? "https" : "http");
    json_out_member(out, "host", target->url.host);
    json_out_member_int(out, "port", target->url.port);
    json_out_member_text(out, "path", target->url.path);
    json_out_name(out, "ips");
    json_out_array(out);
    for (size_t i = 0; i < target->ip_count; i++) {
        char text[ADDR_TEXT_SIZE];
        addr_text(&target->ips[i], text);
        json_out_str(out, text);
    }
    json_out_end_array(out);
    json_out_name(out, "authorized");
    put_modes(target->grant.active ? TARGET_ACTIVE : TARGET_SAFE, out);
    json_out_end_object(out);
}

void target_put_policy(const struct target *target, int64_t max_rps, enum target_mode mode,
                       const struct criteria_limits *limits, struct json_out *out) {
    json_out_object(out);
    json_out_member(out, "allow", target ? target->allow : "");
    json_out_member_int(out, "max_rps", max_rps);
    json_out_name(out, "modes");
    put_modes(mode, out);
    json_out_member_bool(out, "crawl", !limits->no_crawl);
    json_out_name(out, "exclude");
    json_out_array(out);
    for (size_t i = 0; i < limits->exclude_count; i++) {
        json_out_text(out, limits->exclude[i]);
    }
    json_out_end_array(out);
    json_out_end_object(out);
}
