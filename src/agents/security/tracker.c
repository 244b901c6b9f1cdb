/* Names. Common ones that others use too are left out. */
#include "agents/security/tracker.h"

#include "agents/security/content.h"

/* A name, or with '*' at its end the beginning of one. */
static const struct {
    const char *name, *owner;
} COOKIES[] = {
    {"_ga", "Google Analytics"},
    {"_ga_*", "Google Analytics"},
    {"_gid", "Google Analytics"},
    {"_gat", "Google Analytics"},
    {"_gat_*", "Google Analytics"},
    {"__utma", "Google Analytics"},
    {"__utmz", "Google Analytics"},
    {"_gcl_*", "Google Ads"},
    {"IDE", "DoubleClick"},
    {"DSID", "DoubleClick"},
    {"_fbp", "Facebook"},
    {"_fbc", "Facebook"},
    {"_hjSession*", "Hotjar"},
    {"_hjid", "Hotjar"},
    {"_clck", "Microsoft Clarity"},
    {"_clsk", "Microsoft Clarity"},
    {"_uetsid", "Microsoft Advertising"},
    {"_uetvid", "Microsoft Advertising"},
    {"MUID", "Microsoft Advertising"},
    {"_pk_id*", "Matomo"},
    {"_pk_ses*", "Matomo"},
    {"_ttp", "TikTok"},
    {"_tt_enable_cookie", "TikTok"},
    {"_scid", "Snapchat"},
    {"_rdt_uuid", "Reddit"},
    {"_pin_unauth", "Pinterest"},
    {"li_sugr", "LinkedIn"},
    {"UserMatchHistory", "LinkedIn"},
    {"personalization_id", "Twitter"},
    {"_ym_uid", "Yandex Metrica"},
    {"_ym_d", "Yandex Metrica"},
    {"hubspotutk", "HubSpot"},
    {"__hstc", "HubSpot"},
    {"ajs_anonymous_id", "Segment"},
    {"amplitude_id*", "Amplitude"},
    {"optimizelyEndUserId", "Optimizely"},
    {"VISITOR_INFO1_LIVE", "YouTube"},
};

static const char *const HOSTS[] = {"google-analytics.com",
                                    "googletagmanager.com",
                                    "doubleclick.net",
                                    "googlesyndication.com",
                                    "googleadservices.com",
                                    "connect.facebook.net",
                                    "hotjar.com",
                                    "clarity.ms",
                                    "bat.bing.com",
                                    "snap.licdn.com",
                                    "px.ads.linkedin.com",
                                    "analytics.tiktok.com",
                                    "static.ads-twitter.com",
                                    "analytics.twitter.com",
                                    "mc.yandex.ru",
                                    "cdn.segment.com",
                                    "cdn.amplitude.com",
                                    "cdn.mxpnl.com",
                                    "fullstory.com",
                                    "quantserve.com",
                                    "scorecardresearch.com",
                                    "criteo.com",
                                    "criteo.net",
                                    "taboola.com",
                                    "outbrain.com",
                                    "adnxs.com",
                                    "ct.pinterest.com",
                                    "hs-analytics.net",
                                    "mouseflow.com",
                                    "crazyegg.com",
                                    "amazon-adsystem.com",
                                    "adsrvr.org",
                                    "rubiconproject.com",
                                    "pubmatic.com",
                                    "matomo.cloud",
                                    "sc-static.net",
                                    NULL};

static const char *const CONSENT_HOSTS[] = {
    "cookiebot.com", "cookielaw.org", "onetrust.com",  "usercentrics.eu",    "consensu.org",
    "iubenda.com",   "didomi.io",     "quantcast.com", "trustarc.com",       "axept.io",
    "cookieyes.com", "termly.io",     "osano.com",     "consentmanager.net", NULL};

const char *tracker_cookie(struct text name) {
    for (size_t i = 0; i < sizeof(COOKIES) / sizeof(COOKIES[0]); i++) {
        struct text known = text_of(COOKIES[i].name);
        bool begins = text_ends(known, TEXT("*"));
        if (begins)
            known.len--;
        if (begins ? text_starts(name, known) : text_eq(name, known))
            return COOKIES[i].owner;
    }
    return NULL;
}

bool tracker_host(const char *host) {
    return content_is_listed(host, HOSTS);
}

bool tracker_consent_host(const char *host) {
    return content_is_listed(host, CONSENT_HOSTS);
}
