/* gather: asks the target, once and gently, for the facts that the rules judge. The only part
 * of this agent that touches the network, and only through the gate. */
#ifndef AGENTS_SECURITY_GATHER_H
#define AGENTS_SECURITY_GATHER_H

#include "agents/agent_task.h"
#include "agents/security/facts.h"

enum {
    GATHER_SHAKE_MS = 5000,   /* one TLS handshake, connecting included */
    GATHER_HELLO_MS = 3000,   /* one hello and its answer, connecting included */
    GATHER_SILENCES_MAX = 4,  /* TLS offers in a row that time out; then no further one is made */
    GATHER_CRAWL_MS = 40000,  /* all pages that were found */
    GATHER_BUDGET_MS = 150000 /* all requests; what is not asked by then is not tested */
};

struct gather;

/* gather_new(task, facts, &gather): both are borrowed. The caller frees with gather_free. */
enum err gather_new(const struct agent_task *task, struct facts *facts, struct gather **ret_gather);
void gather_free(struct gather *gather);
size_t gather_requests(const struct gather *gather); /* connections and requests so far */

/* gather_admit(gather, &fault): may the target be tested at all, and is it public? ERR_REFUSED
 * (fault names the setting), ERR_RESOLVE. */
enum err gather_admit(struct gather *gather, struct fault *ret_fault);
/* TLS versions and certificate. */
void gather_tls(struct gather *gather);
/* The page behind the target, and port 80 beside it. */
void gather_pages(struct gather *gather);
/* The pages that the page (facts_derive_page) leads to; they join facts->pages. */
void gather_crawl(struct gather *gather);
/* What is served at paths that nothing leads to. */
void gather_paths(struct gather *gather);
/* The page by other methods and under another name; a file that is written, where that is allowed.
 */
void gather_methods(struct gather *gather);
/* Parameters of links and forms, given what no page expects. */
void gather_params(struct gather *gather);
/* The page again, asked by foreign origins. */
void gather_origins(struct gather *gather);

#endif
