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

/* What may crash a server, or reads its memory, is for active tasks. */
static const struct argument TESTSSL[] = {
    {"testssl", ARGUMENT_ALWAYS},
    {"--quiet", ARGUMENT_ALWAYS},
    {"--color=0", ARGUMENT_ALWAYS},
    {"--warnings=off", ARGUMENT_ALWAYS},
    {"--nodns=none", ARGUMENT_ALWAYS},
    {"--connect-timeout=10", ARGUMENT_ALWAYS},
    {"--openssl-timeout=20", ARGUMENT_ALWAYS},
    {"--protocols", ARGUMENT_ALWAYS},
    {"--std", ARGUMENT_ALWAYS},
    {"--pfs", ARGUMENT_ALWAYS},
    {"--server-preference", ARGUMENT_ALWAYS},
    {"--server-defaults", ARGUMENT_ALWAYS},
    {"--header", ARGUMENT_ALWAYS},
    {"--renegotiation", ARGUMENT_ALWAYS},
    {"--compression", ARGUMENT_ALWAYS},
    {"--poodle", ARGUMENT_ALWAYS},
    {"--tls-fallback", ARGUMENT_ALWAYS},
    {"--sweet32", ARGUMENT_ALWAYS},
    {"--beast", ARGUMENT_ALWAYS},
    {"--lucky13", ARGUMENT_ALWAYS},
    {"--freak", ARGUMENT_ALWAYS},
    {"--logjam", ARGUMENT_ALWAYS},
    {"--rc4", ARGUMENT_ALWAYS},
    {"--heartbleed", ARGUMENT_ACTIVE},
    {"--ccs", ARGUMENT_ACTIVE},
    {"--ticketbleed", ARGUMENT_ACTIVE},
    {"--robot", ARGUMENT_ACTIVE},
    {"--drown", ARGUMENT_ACTIVE},
    {"--add-ca={trust}", ARGUMENT_TRUST},
    {"-6", ARGUMENT_V6},
    {"--ip={ip}", ARGUMENT_ALWAYS},
    {"--jsonfile={out}", ARGUMENT_ALWAYS},
    {"{authority}", ARGUMENT_ALWAYS},
    {NULL, 0},
};

/* It resolves names itself and has no way of being told an address. Without leave for active checks
 * it asks for the one page; with it, never the modules that tell a host of its makers (ssrf, xxe,
 * wapp), guess passwords or store what they send. */
static const struct argument WAPITI[] = {
    {"wapiti", ARGUMENT_ALWAYS},
    {"--url={url}", ARGUMENT_ALWAYS},
    {"--module=csp,cookieflags,http_headers", ARGUMENT_INACTIVE},
    {"--scope=page", ARGUMENT_INACTIVE},
    {"--module=csp,cookieflags,http_headers,backup,crlf,csrf,exec,file,redirect,sql,xss",
     ARGUMENT_ACTIVE},
    {"--scope=folder", ARGUMENT_ACTIVE},
    {"--depth=3", ARGUMENT_ALWAYS},
    {"--max-links-per-page=50", ARGUMENT_ALWAYS},
    {"--max-files-per-dir=50", ARGUMENT_ALWAYS},
    {"--exclude=*logout*", ARGUMENT_ACTIVE},
    {"--exclude=*logoff*", ARGUMENT_ACTIVE},
    {"--exclude=*signout*", ARGUMENT_ACTIVE},
    {"--exclude=*delete*", ARGUMENT_ACTIVE},
    {"--exclude=*unsubscribe*", ARGUMENT_ACTIVE},
    {"--max-scan-time={limit_s}", ARGUMENT_ALWAYS},
    {"--user-agent=agnostic-qa", ARGUMENT_ALWAYS},
    {"--no-bugreport", ARGUMENT_ALWAYS},
    {"--flush-session", ARGUMENT_ALWAYS},
    {"--store-session=.", ARGUMENT_ALWAYS},
    {"--store-config=.", ARGUMENT_ALWAYS},
    {"--verify-ssl=0", ARGUMENT_ALWAYS},
    {"--verbose=0", ARGUMENT_ALWAYS},
    {"--format=json", ARGUMENT_ALWAYS},
    {"--output={out}", ARGUMENT_ALWAYS},
    {NULL, 0},
};

static const struct tool ROWS[] = {
    {.name = "junit",
     .title = "Any command that writes JUnit XML, or a file in it",
     .prefix = "JUNIT",
     .limit_s = 3600,
     .max_bytes = MIB(32),
     .exit_max = 255,
     .read = junit_read},
    {.name = "nmap",
     .title = "TLS suites, certificate, headers and cookies by nmap's safe scripts",
     .prefix = "NMAP",
     .program = "nmap",
     .line = NMAP,
     .wants_target = true,
     .limit_s = 240,
     .max_bytes = MIB(4),
     .read = nmap_read},
    {.name = "sarif",
     .title = "Any command that writes SARIF 2.1.0, or a file in it",
     .prefix = "SARIF",
     .limit_s = 3600,
     .max_bytes = MIB(64),
     .exit_max = 255, /* many count what they found */
     .read = sarif_read},
    {.name = "sslscan",
     .title = "TLS protocols, suites and certificate by sslscan",
     .prefix = "SSLSCAN",
     .program = "sslscan",
     .line = SSLSCAN,
     .wants_target = true,
     .wants_tls = true,
     .keeps_to_target = true,
     .limit_s = 240,
     .max_bytes = MIB(4),
     .read = sslscan_read},
    {.name = "tap",
     .title = "Any command that writes TAP, or a file in it",
     .prefix = "TAP",
     .limit_s = 3600,
     .max_bytes = MIB(32),
     .exit_max = 255,
     .read = tap_read},
    {.name = "testssl",
     .title = "TLS in depth, and its known vulnerabilities, by testssl.sh",
     .prefix = "TESTSSL",
     .program = "testssl",
     .line = TESTSSL,
     .wants_target = true,
     .wants_tls = true,
     .keeps_to_target = true,
     .exit_max = 241, /* it counts what it found; beyond are its errors */
     .limit_s = 900,
     .max_bytes = MIB(4),
     .read = testssl_read},
    {.name = "wapiti",
     .title = "Headers and cookies, and for active tasks injections, by wapiti",
     .prefix = "WAPITI",
     .program = "wapiti",
     .line = WAPITI,
     .file = {"apps.json", "{}"}, /* it would fetch that, whichever modules it is asked for */
     .wants_target = true,
     .limit_s = 600,
     .max_bytes = MIB(16),
     .read = wapiti_read},
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
