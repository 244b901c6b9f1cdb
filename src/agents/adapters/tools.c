/* The table of tools: how each is called, and who reads what it says. */
#include "agents/adapters/tools.h"

#include <string.h>

#include "agents/adapters/adapter.h"
#include "agents/adapters/launch.h"

#define MIB(n) ((int64_t)(n) << 20)

/* The address is the one that was judged; the name goes into SNI alone. */
static const struct argument SSLSCAN[] = {
    {"sslscan", ARGUMENT_ALWAYS},           {"--no-colour", ARGUMENT_ALWAYS},
    {"--no-heartbleed", ARGUMENT_INACTIVE}, {"--no-groups", ARGUMENT_ALWAYS},
    {"--sni-name={host}", ARGUMENT_NAMED},  {"--sleep={pause_ms}", ARGUMENT_ALWAYS},
    {"--timeout=5", ARGUMENT_ALWAYS},       {"--xml={out}", ARGUMENT_ALWAYS},
    {"{endpoint}", ARGUMENT_ALWAYS},        {NULL, 0},
};

/* -sT: a socket as any program has it. Version detection tells the http scripts whether to speak
 * TLS; left to guess they ask a TLS port in the clear. */
static const struct argument NMAP[] = {
    {"nmap", ARGUMENT_ALWAYS},
    {"-n", ARGUMENT_ALWAYS},
    {"-Pn", ARGUMENT_ALWAYS},
    {"-sT", ARGUMENT_ALWAYS},
    {"--unprivileged", ARGUMENT_ALWAYS},
    {"-6", ARGUMENT_V6},
    {"-sV", ARGUMENT_ALWAYS},
    {"--version-light", ARGUMENT_ALWAYS},
    {"--host-timeout={limit_s}s", ARGUMENT_ALWAYS},
    {"--script=ssl-enum-ciphers,ssl-cert,sslv2,http-security-headers,http-cookie-flags,http-git,"
     "http-trace",
     ARGUMENT_TLS},
    {"--script=http-security-headers,http-cookie-flags,http-git,http-trace", ARGUMENT_PLAIN},
    {"--script-args=http.useragent=agnostic-qa,tls.servername={host},http.host={host}",
     ARGUMENT_NAMED},
    {"-oX", ARGUMENT_ALWAYS},
    {"{out}", ARGUMENT_ALWAYS},
    {"-p", ARGUMENT_ALWAYS},
    {"{port}", ARGUMENT_ALWAYS},
    {"{ip}", ARGUMENT_ALWAYS},
    {NULL, 0},
};

static const struct tool ROWS[] = {
    {.name = "nmap",
     .title = "TLS suites, certificate, headers and cookies by nmap's safe scripts",
     .prefix = "NMAP",
     .program = "nmap",
     .line = NMAP,
     .wants_target = true,
     .limit_s = 240,
     .max_bytes = MIB(4),
     .read = nmap_read},
    {.name = "sslscan",
     .title = "TLS protocols, suites and certificate by sslscan",
     .prefix = "SSLSCAN",
     .program = "sslscan",
     .line = SSLSCAN,
     .wants_target = true,
     .wants_tls = true,
     .limit_s = 240,
     .max_bytes = MIB(4),
     .read = sslscan_read},
};

const struct tool *tools_find(const char *name) {
    for (size_t i = 0; i < sizeof(ROWS) / sizeof(ROWS[0]); i++)
        if (strcmp(ROWS[i].name, name) == 0)
            return &ROWS[i];
    return NULL;
}

bool tools_at(size_t index, struct agent_row *ret_row) {
    if (index >= sizeof(ROWS) / sizeof(ROWS[0]))
        return false;
    const char *program = ROWS[index].program;
    bool missing = program != NULL && !launch_installed(program);
    *ret_row = (struct agent_row){.name = ROWS[index].name,
                                  .title = ROWS[index].title,
                                  .remark = missing ? "not installed" : NULL,
                                  .run = adapter_run,
                                  .put_tools = adapter_put_tools,
                                  .takes_command = ROWS[index].program == NULL};
    return true;
}

bool tools_row(const char *name, struct agent_row *ret_row) {
    const struct tool *tool = tools_find(name);
    return tool != NULL && tools_at((size_t)(tool - ROWS), ret_row);
}
