/* check: the small functions that judge, one per row of the table in rules.c. All pure. */
#ifndef AGENTS_SECURITY_CHECK_H
#define AGENTS_SECURITY_CHECK_H

#include "agents/judgement.h"
#include "agents/security/facts.h"

#define CHECK_FUNCTION(name)                                                                       \
    void check_##name(const struct facts *facts, struct judgement *judgement)

/* check_tls.c: protocols; check_certificate.c: the chain */
CHECK_FUNCTION(tls_absent);
CHECK_FUNCTION(tls_old_versions);
CHECK_FUNCTION(tls_no_1_3);
CHECK_FUNCTION(tls_small_group);
CHECK_FUNCTION(tls_unsafe_renegotiation);
CHECK_FUNCTION(tls_client_renegotiation);
CHECK_FUNCTION(tls_no_staple);
CHECK_FUNCTION(certificate_untrusted);
CHECK_FUNCTION(certificate_wrong_host);
CHECK_FUNCTION(certificate_out_of_date);
CHECK_FUNCTION(certificate_ends_soon);
CHECK_FUNCTION(certificate_short_key);
CHECK_FUNCTION(certificate_weak_signature);
CHECK_FUNCTION(certificate_long_life);
/* check_hello.c: what hand-written hellos are answered with */
CHECK_FUNCTION(hello_ssl);
CHECK_FUNCTION(hello_no_protection);
CHECK_FUNCTION(hello_broken);
CHECK_FUNCTION(hello_small_block);
CHECK_FUNCTION(hello_forward_secrecy);
CHECK_FUNCTION(hello_client_order);
CHECK_FUNCTION(hello_fallback);
CHECK_FUNCTION(hello_compression);
/* check_redirect.c */
CHECK_FUNCTION(redirect_missing);
CHECK_FUNCTION(redirect_detour);
CHECK_FUNCTION(redirect_ends_plain);
/* check_header.c, check_framing.c (what browsers are told to isolate) */
CHECK_FUNCTION(header_hsts_missing);
CHECK_FUNCTION(header_hsts_weak);
CHECK_FUNCTION(header_no_csp);
CHECK_FUNCTION(framing_frames);
CHECK_FUNCTION(header_sniffing);
CHECK_FUNCTION(framing_referrer);
CHECK_FUNCTION(header_no_permissions);
CHECK_FUNCTION(framing_cross_origin);
CHECK_FUNCTION(header_content_type);
CHECK_FUNCTION(header_cacheable);
CHECK_FUNCTION(header_xss_filter);
CHECK_FUNCTION(header_obsolete);
CHECK_FUNCTION(header_conflict);
/* check_csp.c */
CHECK_FUNCTION(csp_inline_script);
CHECK_FUNCTION(csp_eval);
CHECK_FUNCTION(csp_wildcard);
CHECK_FUNCTION(csp_object_base);
CHECK_FUNCTION(csp_form_frame);
CHECK_FUNCTION(csp_insecure_source);
CHECK_FUNCTION(csp_inline_style);
CHECK_FUNCTION(csp_invalid);
CHECK_FUNCTION(csp_bypass);
/* check_cookie.c */
CHECK_FUNCTION(cookie_session_secure);
CHECK_FUNCTION(cookie_http_only);
CHECK_FUNCTION(cookie_same_site);
CHECK_FUNCTION(cookie_none_insecure);
CHECK_FUNCTION(cookie_secure);
CHECK_FUNCTION(cookie_domain);
CHECK_FUNCTION(cookie_prefix);
CHECK_FUNCTION(cookie_lifetime);
/* check_cors.c */
CHECK_FUNCTION(cors_reflected_credentials);
CHECK_FUNCTION(cors_reflected);
CHECK_FUNCTION(cors_null);
CHECK_FUNCTION(cors_partial_match);
CHECK_FUNCTION(cors_any);
/* check_disclosure.c */
CHECK_FUNCTION(disclosure_server);
CHECK_FUNCTION(disclosure_technology);
/* check_leak.c */
CHECK_FUNCTION(leak_address);
CHECK_FUNCTION(leak_comments);
CHECK_FUNCTION(leak_cards);
CHECK_FUNCTION(leak_hashes);
CHECK_FUNCTION(leak_keys);
/* check_error.c */
CHECK_FUNCTION(error_details);
CHECK_FUNCTION(error_redirect_body);
/* check_method.c */
CHECK_FUNCTION(method_trace);
CHECK_FUNCTION(method_offered);
CHECK_FUNCTION(method_write);
CHECK_FUNCTION(method_host);
/* check_param.c */
CHECK_FUNCTION(param_redirect);
CHECK_FUNCTION(param_markup);
CHECK_FUNCTION(param_line);
CHECK_FUNCTION(param_sql);
CHECK_FUNCTION(param_file);
CHECK_FUNCTION(param_template);
/* check_path.c */
CHECK_FUNCTION(path_git);
CHECK_FUNCTION(path_settings);
CHECK_FUNCTION(path_repository);
CHECK_FUNCTION(path_server_config);
CHECK_FUNCTION(path_backup);
CHECK_FUNCTION(path_phpinfo);
CHECK_FUNCTION(path_status);
CHECK_FUNCTION(path_actuator);
CHECK_FUNCTION(path_key);
CHECK_FUNCTION(path_listing);
CHECK_FUNCTION(path_project);
CHECK_FUNCTION(path_schema);
CHECK_FUNCTION(path_security_txt);
CHECK_FUNCTION(path_sample);
CHECK_FUNCTION(path_cross_domain);
/* check_content.c */
CHECK_FUNCTION(content_mixed_active);
CHECK_FUNCTION(content_mixed_passive);
CHECK_FUNCTION(content_unpinned);
CHECK_FUNCTION(content_plain_code);
CHECK_FUNCTION(content_compromised);
CHECK_FUNCTION(content_outdated);
CHECK_FUNCTION(content_opener);
CHECK_FUNCTION(content_plain_login);
/* check_form.c */
CHECK_FUNCTION(form_plain);
CHECK_FUNCTION(form_plain_personal);
CHECK_FUNCTION(form_forgeable);
CHECK_FUNCTION(form_url_secrets);
CHECK_FUNCTION(form_session_in_url);
/* check_privacy.c */
CHECK_FUNCTION(privacy_cookies);
CHECK_FUNCTION(privacy_hosts);
CHECK_FUNCTION(privacy_notice);
CHECK_FUNCTION(privacy_consent);
/* check_payment.c */
CHECK_FUNCTION(payment_scripts);
CHECK_FUNCTION(payment_change);
CHECK_FUNCTION(payment_scan);

#endif
