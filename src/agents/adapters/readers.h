/* readers: one function a format: a tool's whole output in, judgements out. They see nothing but
 * bytes that anybody may have made. ERR_SYNTAX (it is not that format), ERR_TOO_LARGE, ERR_CONNECT
 * (the tool says that it did not reach the target), ERR_NOMEM; fault says more. */
#ifndef AGENTS_ADAPTERS_READERS_H
#define AGENTS_ADAPTERS_READERS_H

#include "agents/adapters/harvest.h"

/* Of nmap -oX, with the scripts of the table of tools. */
enum err nmap_read(struct text output, struct harvest *harvest, struct fault *ret_fault);
/* Of sslscan --xml. */
enum err sslscan_read(struct text output, struct harvest *harvest, struct fault *ret_fault);

/* Of testssl.sh --jsonfile. */
enum err testssl_read(struct text output, struct harvest *harvest, struct fault *ret_fault);

/* Of wapiti -f json. */
enum err wapiti_read(struct text output, struct harvest *harvest, struct fault *ret_fault);

/* SARIF 2.1.0 of any tool. */
enum err sarif_read(struct text output, struct harvest *harvest, struct fault *ret_fault);
/* JUnit XML, and the Test Anything Protocol, of any test runner: a failing test is a finding of
 * high severity; one that broke, and tests that were planned and never told, leave the harvest
 * incomplete.
 */
enum err junit_read(struct text output, struct harvest *harvest, struct fault *ret_fault);
enum err tap_read(struct text output, struct harvest *harvest, struct fault *ret_fault);

#endif
