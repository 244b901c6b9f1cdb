/* criterion_pieces: what the patterns of rows are made of. */
#ifndef TASK_CRITERION_PIECES_H
#define TASK_CRITERION_PIECES_H

#define NUM(name) "(?<" name ">\\d{1,3}(?:,\\d{3})+(?:\\.\\d+)?|\\d+(?:\\.\\d+)?)"
#define GAP "[^;\\d]{0,60}?"
/* What is not to be passed is no demand: "handle at most 20 requests per second". */
#define GAP_UNCAPPED                                                                               \
    "(?:(?!at\\ most|not?\\ more\\ than|max|limit|(?:no|not|never|without)\\ (?:to\\ )?exceed)"    \
    "[^;\\d]){0,60}?"
#define UPTO                                                                                       \
    "(?: <=? | ≤ | (?<!not\\ |not\\ be\\ |never\\ |never\\ be\\ )(?:under|below|within|less\\ "  \
    "than|lower\\ than|faster\\ than|"                                                             \
    "shorter\\ than|fewer\\ than|smaller\\ than) | at\\ most | up\\ to | "                         \
    "max(?:imum|imally)?\\.?(?:\\ of)?|"                                                           \
    "(?:no|not|never)\\ (?:be\\ |go\\ |get\\ )?(?:more|longer|slower|higher|greater|larger)\\ "    \
    "than |"                                                                                       \
    "(?:not|never)\\ (?:to\\ )?(?:be\\ |go\\ |rise\\ |get\\ "                                      \
    ")?(?:above|over|beyond|exceed(?:ing)?) |"                                                     \
    "(?:no|not)\\ exceeding | without\\ exceeding | limit(?:ed)?\\ (?:to|of) | in\\ under | in )"
#define ATLEAST                                                                                    \
    "(?: >=? | ≥ | at\\ least | (?<!not\\ |not\\ be\\ |never\\ |never\\ be\\ "                   \
    ")(?:above|over|more\\ than|better\\ than|greater\\ than|higher\\ than) |"                     \
    "min(?:imum)?\\.?(?:\\ of)? | (?:no|not|never)\\ (?:be\\ |go\\ |fall\\ |drop\\ )?(?:less\\ "   \
    "than|fewer\\ than|below|under) | of )"
#define TIME "\\s*(?<unit>ms|millis(?:econds?)?|milliseconds?|s|secs?|seconds?)\\b"
#define TIME_LONG                                                                                  \
    "\\s*(?:s|secs?|seconds?|(?<minutes>mins?|minutes?)|(?<hours>h|hrs?|hours?))\\b(?!\\s*(?:per|" \
    "/))"
/* What takes its time: the tests, not what is tested. */
#define SESSION                                                                                    \
    "(?:(?:test|scan)(?:s|ing|\\ run)?|(?<!user\\ |login\\ |customer\\ )session(?!\\ (?:cookie|"   \
    "token|id|lifetime|time-?\\ ?out))|(?:the|whole|entire)\\ run|assessment|time[ "               \
    "-]?(?:limit|box|budget)|duration(?!\\ of\\ (?!(?:the\\ )?(?:test|scan|session|run))))"
/* Up to its time; what expires is not the session of ours. */
#define SESSION_GAP "(?:(?!expir|idle|inactiv|logged)[^;\\d]){0,30}?"
#define LASTS                                                                                      \
    "<=?|≤|at\\ most|up\\ to|max(?:imum|imally)?\\.?(?:\\ of)?|(?:no|not|never)\\ (?:\\w+\\ "    \
    "){0,2}?(?:more|longer)\\ than|(?:not|never)\\ (?:to\\ )?exceed|limit(?:ed)?\\ (?:to|of)"
/* What others may not do is a demand on the target and no limit of ours: it is passed over. */
#define NOT_OTHERS                                                                                 \
    "\\b(?:users?|visitors?|customers?|guests?|clients?|people|any(?:one|body)|everyone|nobody|"   \
    "members?|public|attackers?|employees|staff|search\\ engines|google(?:bot)?)\\b"               \
    "(?:[^;,/]{0,60}?\\b(?:must|may)\\ not|\\ (?:do\\ not|don't|never))\\b[^;,]*(*SKIP)(*F)|"
#define NOT_TO                                                                                     \
    "\\b(?:do\\ not|don't|never|must\\ not|may\\ not|not\\ to)\\ "                                 \
    "(?!(?:forget|fail|neglect|omit|hesitate|only|just)\\b)(?:\\w+\\ ){0,2}?"
/* A path by itself, or at the end of a URL; the whole site only at the end of what is said. */
#define PATH                                                                                       \
    "(?<![\\w/.])(?:https?://[^\\s/,;]+(?=/[\\w~%.-]))?(?<path>/"                                  \
    "(?:(?!/)[^\\s,;\"'`<>()]*[^\\s,;\"'`<>().:!?]|"                                               \
    "(?=[\\s\"'`.]*(?:\\z|[,;]))))"
#define RANK(name)                                                                                 \
    "(?<" name ">p(?:50|75|90|95|99\\.9|999|99)|(?:50|75|90|95|99\\.9|99)(?:th|%)?[ -]percentile|" \
    "median|average|avg|mean|max(?:imum)?|worst(?:[ -]case)?)"
#define SEVERITIES "critical|high|medium|moderate|low"

#endif
