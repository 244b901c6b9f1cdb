/* commands: every command of agnosticctl, one table. It feeds dispatch and --help alike. */
#include "ctl/command.h"

#define HELP                                                                                       \
    { "help", NULL, "this text" }
#define ROWS(rows) (rows), sizeof(rows) / sizeof((rows)[0])

static const struct option_row SUBMIT_OPTIONS[] = {
    {"title", "T", "title of the task (\"QA of URL\")"},
    {"description", "D", "what is wanted, for the agents"},
    {"agents", "A,B", "only these agents, or plug-ins as ROLE/NAME (all six)"},
    {"priority", "P", "critical, high, medium or low (high)"},
    {"standards", "S,T", "standards to report on, such as OWASP,GDPR"},
    {"business-goals", "G", "what matters, in sentences; criteria are read from them"},
    {"constraints", "C", "criteria and limits, such as 'p95 under 500 ms; max 20 rps'"},
    {"checks", "FILE", "requests of your own and what must be answered, as JSON"},
    {"external-links", NULL, "junior-qa: also ask for what pages link to on other sites"},
    {"rate", "N", "performance: requests a second"},
    {"duration", "S", "performance: how long is measured"},
    {"profile", "NAME", "performance: constant, saturation or spike (constant)"},
    {"mix", "LIST", "performance: what is asked for, as '3 /cart,1 /search?q=x'"},
    {"http", "VERSION", "performance: auto, 1.1 or 2 (auto)"},
    {"dedupe", NULL, "join an equal unfinished task that was sent with --dedupe"},
    {"idempotency-key", "K", "for 24 h, the same key gives the same task (a new key)"},
    {"wait", NULL, "wait for the verdict and print it"},
    {"timeout", "S", "with --wait: give up after so many seconds (1800)"},
    {"format", "F", "with --wait: print the report in this form (see report)"},
    {"output", "FILE", "with --format: write it there, and print the findings as ever"},
    {"json", NULL, "print the task as the service answers it, and nothing else"},
    HELP,
};
static const struct option_row REPORT_OPTIONS[] = {
    {"format", "F", "the form (text)"},
    {"output", "FILE", "write it there"},
    HELP,
};
static const struct option_row RECEIPT_OPTIONS[] = {
    {"output", "FILE", "write it there"},
    HELP,
};
static const struct option_row RECEIPT_VERIFY_OPTIONS[] = {
    {"key", "FILE", "the keys, as receipt keys wrote them (the service is asked)"},
    {"result", "FILE", "it must be about this result, as report --format json wrote it"},
    {"go", NULL, "its verdict must be GO or GO_WITH_WARNINGS"},
    HELP,
};
static const struct option_row VERDICT_OPTIONS[] = {
    {"explain", NULL, "say by which rule, and each reason"},
    {"result", "FILE", "not a task but this result, as report --format json wrote it"},
    HELP,
};
static const struct option_row TASK_OPTIONS[] = {
    {"json", NULL, "print what the service answers"},
    HELP,
};
static const struct option_row TASKS_OPTIONS[] = {
    {"status", "S", "only pending, running, completed, failed or cancelled ones"},
    {"priority", "P", "only critical, high, medium or low ones"},
    {"agent", "A", "only those that this agent works on"},
    {"title", "T", "only those with this text in their title"},
    {"after", "M", "only those ordered after this moment (ISO 8601)"},
    {"before", "M", "only those ordered before it"},
    {"limit", "N", "at most so many (50)"},
    {"json", NULL, "one JSON object a line"},
    HELP,
};
static const struct option_row LOG_OPTIONS[] = {
    {"follow", NULL, "go on until the task has ended"},
    HELP,
};
static const struct option_row EVENTS_OPTIONS[] = {
    {"follow", NULL, "go on until the task has ended"},
    {"json", NULL, "one JSON object a line"},
    HELP,
};
static const struct option_row DELIVERIES_OPTIONS[] = {
    {"redeliver", NULL, "deliver it once more, now"},
    {"json", NULL, "print what the service answers"},
    HELP,
};
static const struct option_row WEBHOOK_TEST_OPTIONS[] = {
    {"secret-stdin", NULL, "sign with the secret in the first line of standard input"},
    {"json", NULL, "print what the service answers"},
    HELP,
};
static const struct option_row KEY_CREATE_OPTIONS[] = {
    {"role", "R", "api_user, qa_engineer or super_admin (api_user)"},
    {"description", "D", "what the key is for"},
    {"expires-at", "T", "moment after which it is refused (never)"},
    {"local", NULL, "write into Redis directly, without the service"},
    HELP,
};
static const struct option_row KEY_OPTIONS[] = {
    {"local", NULL, "use Redis directly, without the service"},
    HELP,
};
static const struct option_row ARTIFACTS_OPTIONS[] = {
    {"output", "DIR", "fetch them into this folder"},
    HELP,
};
static const struct option_row DRILL_OPTIONS[] = {
    {"staging", NULL, "this is no production; nothing is done without it"},
    {"tasks", "N", "order so many tasks (100)"},
    {"faults", "N", "kill slots and keepers of this host, one a second, N in all (0)"},
    {"target", "URL", "what the tasks test (nothing)"},
    {"agents", "A,B", "the agents of the tasks (qa-analyst)"},
    {"description", "D", "the description of the tasks"},
    {"timeout", "S", "stop waiting after so many seconds (600)"},
    {"yes", NULL, "also where others' tasks wait or run"},
    {"json", NULL, "print the report as one JSON object"},
    HELP,
};
static const struct option_row RUNNERS_OPTIONS[] = {
    {"json", NULL, "print them as a JSON array"},
    HELP,
};
static const struct option_row QUEUE_OPTIONS[] = {
    {"json", NULL, "with status: print it as a JSON object"},
    HELP,
};
static const struct option_row NO_OPTIONS[] = {HELP};

static const char SERVICE_STATUS[] = "0   done\n"
                                     "1   the service refused it, or knows no such thing\n"
                                     "3   the service is not reached\n"
                                     "64  wrong usage\n"
                                     "74  the output cannot be written\n"
                                     "78  wrong setting";

static const char REDIS_STATUS[] = "0   done\n"
                                   "1   Redis refused it\n"
                                   "3   Redis is not reached\n"
                                   "64  wrong usage\n"
                                   "74  the output cannot be written\n"
                                   "78  wrong setting";

const struct command COMMANDS[] = {
    {"submit", "URL", 1, 1, ROWS(SUBMIT_OPTIONS), true, submit_run, "order a test of a web site",
     "Orders a task against URL and prints its id. A service that does not answer is\n"
     "asked again a few times; that never makes two tasks of one. To be safe across\n"
     "several calls, as in a CI job that may be started again, name the order by\n"
     "--idempotency-key.\n"
     "\n"
     "With --wait it stays until the task has ended: progress goes to standard error,\n"
     "then the findings are printed by severity, then what each agent did. The last\n"
     "line of standard output is \"verdict: WORD\". A service that is away meanwhile\n"
     "(restart, HTTP 502 or 503) is waited for. Interrupting it leaves the task alone.",
     "0   GO; without --wait: the task was accepted\n"
     "1   NO_GO: a finding that decides, or a criterion that failed\n"
     "2   GO_WITH_WARNINGS: see the reasons\n"
     "3   INCOMPLETE, or the task failed or was cancelled, or the service is not\n"
     "    reached or refuses\n"
     "4   no verdict before the timeout; the task goes on\n"
     "64  wrong usage, or the service finds fault with the order\n"
     "74  the output cannot be written\n"
     "78  wrong setting",
     "agnosticctl submit https://staging.example.com/ --wait\n"
     "agnosticctl submit https://staging.example.com/ --wait --format junit \\\n"
     "    --output qa.xml\n"
     "agnosticctl submit https://shop.example.com/ --agents security-compliance \\\n"
     "    --standards OWASP,PCI --priority critical --wait --timeout 600\n"
     "agnosticctl submit https://staging.example.com/ --wait --rate 50 \\\n"
     "    --constraints 'p95 under 500 ms; no high vulnerabilities'\n"
     "id=$(agnosticctl submit https://staging.example.com/)\n"
     "agnosticctl submit https://staging.example.com/ --idempotency-key \"build-$BUILD\""},
    {"task show", "ID", 1, 1, ROWS(TASK_OPTIONS), true, task_show_run, "show a task as it stands",
     "Prints the task's findings by severity, its agents and its status; for a\n"
     "finished one the last line is \"verdict: WORD\".",
     SERVICE_STATUS,
     "agnosticctl task show 0b0e1f2a-7c55-4a53-9d1e-0c9b6f3c1a11\n"
     "agnosticctl task show --json \"$id\" | jq .result.verdict"},
    {"report", "ID", 1, 1, ROWS(REPORT_OPTIONS), true, report_run,
     "what was found, in the form that your tools read",
     "Prints the report of a task that has ended. Forms: sarif (code scanning), junit\n"
     "(test reports), gitlab-codequality, gitlab-dast, markdown (pull requests),\n"
     "annotations (GitHub Actions), json, text, html (one page without scripts).",
     SERVICE_STATUS,
     "agnosticctl report \"$id\" --format sarif --output qa.sarif\n"
     "agnosticctl report \"$id\" --format html --output qa.html"},
    {"artifacts", "ID", 1, 1, ROWS(ARTIFACTS_OPTIONS), true, artifacts_run,
     "the files that a task's agents left",
     "Lists the files of a task that has ended: name, bytes, media type. The\n"
     "performance agent leaves a picture of its load, the series of its seconds and\n"
     "its histograms.",
     SERVICE_STATUS,
     "agnosticctl artifacts \"$id\"\n"
     "agnosticctl artifacts \"$id\" --output qa-files"},
    {"verdict", "[ID]", 0, 1, ROWS(VERDICT_OPTIONS), true, verdict_run,
     "judge a finished task again, and say why",
     "Judges anew what the agents told, by the rules of this agnosticctl, and prints the\n"
     "verdict. What stands in the record as its verdict is not looked at but compared. A\n"
     "file needs no service: the same result gives the same verdict on any machine.",
     "0   GO\n"
     "1   NO_GO\n"
     "2   GO_WITH_WARNINGS\n"
     "3   INCOMPLETE, or the task was not carried out, or the service is not reached\n"
     "64  wrong usage\n"
     "65  FILE is no result\n"
     "70  the verdict in the record does not follow from what is in it\n"
     "74  FILE cannot be read, or the output not be written\n"
     "78  wrong setting",
     "agnosticctl verdict \"$id\" --explain\n"
     "agnosticctl verdict --result qa.json --explain"},
    {"receipt verify", "FILE", 1, 1, ROWS(RECEIPT_VERIFY_OPTIONS), true, receipt_verify_run,
     "check a receipt without asking the service",
     "Checks that FILE was signed with one of the keys and that no byte of it was changed\n"
     "since, and prints what it says. With --key nobody is asked, so that it works where\n"
     "the service is not reached and when the task has long expired; keep the keys from\n"
     "a moment when you trusted the connection.",
     "0   it is genuine, and as the options want it\n"
     "1   it is not\n"
     "3   without --key: the service is not reached\n"
     "64  wrong usage\n"
     "74  a file cannot be read, or the output not be written\n"
     "78  wrong setting",
     "agnosticctl receipt keys --output keys.json\n"
     "agnosticctl receipt verify qa.receipt --key keys.json --go\n"
     "agnosticctl receipt verify qa.receipt --key keys.json --result qa.json"},
    {"receipt keys", "", 0, 0, ROWS(RECEIPT_OPTIONS), true, receipt_keys_run,
     "fetch the key that receipts are signed with",
     "Prints the service's public key as a JSON Web Key Set.", SERVICE_STATUS,
     "agnosticctl receipt keys --output keys.json"},
    {"receipt", "ID", 1, 1, ROWS(RECEIPT_OPTIONS), true, receipt_run,
     "what a task came to, signed, for later jobs",
     "Prints the receipt of a task that has ended: its target, verdict and time, and the\n"
     "SHA-256 of its order and of its result, signed by the service. It stays good when\n"
     "the task has expired.",
     SERVICE_STATUS,
     "agnosticctl receipt \"$id\" --output qa.receipt\n"
     "agnosticctl report \"$id\" --format json --output qa.json"},
    {"cancel", "ID", 1, 1, ROWS(TASK_OPTIONS), true, task_cancel_run, "cancel a task",
     "Ends a task that waits or runs, at once and for good; its agents are stopped. One\n"
     "that has ended already is refused. Others' tasks need a key that may delete.",
     SERVICE_STATUS, "agnosticctl cancel 0b0e1f2a-7c55-4a53-9d1e-0c9b6f3c1a11"},
    {"retry", "ID", 1, 1, ROWS(TASK_OPTIONS), true, task_retry_run,
     "try a failed or cancelled task again",
     "Orders the same again as a new task and prints its id. The callback, if there is\n"
     "one, is taken over.",
     SERVICE_STATUS, "again=$(agnosticctl retry \"$id\")"},
    {"tasks", "", 0, 0, ROWS(TASKS_OPTIONS), true, tasks_run, "list tasks",
     "One line a task, the newest first, under a heading. A key of the role api_user sees\n"
     "its own tasks only.",
     SERVICE_STATUS,
     "agnosticctl tasks --status running\n"
     "agnosticctl tasks --json --limit 1000 --title shop | jq -r .task_id"},
    {"log", "ID", 1, 1, ROWS(LOG_OPTIONS), true, log_run, "print what a task's agents said",
     "Prints the log of a task as far as it goes; with --follow what is added, too,\n"
     "until the task has ended. A service that is away meanwhile is waited for.",
     SERVICE_STATUS, "agnosticctl log --follow \"$id\""},
    {"events", "ID", 1, 1, ROWS(EVENTS_OPTIONS), true, events_run, "print the history of a task",
     "One line an event: when it happened, what, and what belongs to it. With --follow\n"
     "also those that come, until the task has ended.",
     SERVICE_STATUS, "agnosticctl events --follow \"$id\""},
    {"deliveries", "ID", 1, 1, ROWS(DELIVERIES_OPTIONS), true, webhook_deliveries_run,
     "show how a task's callback goes, or deliver it again",
     "One line an attempt: its number, when, what became of it, HTTP status,\n"
     "milliseconds, address. The last line is the state: none, pending, sending,\n"
     "waiting, delivered, failed or blocked.",
     SERVICE_STATUS, "agnosticctl deliveries \"$id\"\nagnosticctl deliveries \"$id\" --redeliver"},
    {"webhook test", "URL", 1, 1, ROWS(WEBHOOK_TEST_OPTIONS), true, webhook_test_run,
     "send a test event to a receiver of callbacks",
     "A runner sends one event \"ping\" to URL, as it sends callbacks and under the same\n"
     "rules, and what became of it is printed.",
     "0   delivered\n"
     "1   not delivered, or the service refused it\n"
     "3   the service is not reached\n"
     "4   no runner has told of it within 30 s\n"
     "64  wrong usage\n"
     "74  the output cannot be written\n"
     "78  wrong setting",
     "agnosticctl webhook test https://ci.example.com/hook\n"
     "agnosticctl webhook test https://ci.example.com/hook --secret-stdin < secret"},
    {"key create", "", 0, 0, ROWS(KEY_CREATE_OPTIONS), true, key_create, "create an API key",
     "Prints a new key on standard output, this once; what it is goes to standard\n"
     "error. Nobody can grant more than the key in AGNOSTIC_API_KEY may do itself.\n"
     "\n"
     "With --local the record is written into the Redis of AGNOSTIC_REDIS_URL and no key\n"
     "is needed: for the first key of a new installation.",
     SERVICE_STATUS,
     "agnosticctl key create --role super_admin --description \"first\" --local\n"
     "key=$(agnosticctl key create --description \"shop pipeline\")\n"
     "agnosticctl key create --role qa_engineer --expires-at 2027-01-01T00:00:00Z"},
    {"key list", "", 0, 0, ROWS(KEY_OPTIONS), true, key_list, "list the API keys",
     "One line a key, under a heading. The keys themselves are stored nowhere.", SERVICE_STATUS,
     "agnosticctl key list"},
    {"key revoke", "ID", 1, 1, ROWS(KEY_OPTIONS), true, key_revoke, "take an API key back",
     "The key with this id (8 hexadecimal digits, see `agnosticctl key list`) is refused\n"
     "from the very next request. Tasks it has submitted go on.",
     SERVICE_STATUS, "agnosticctl key revoke 1a2b3c4d"},
    {"runners", "", 0, 0, ROWS(RUNNERS_OPTIONS), true, runners_run, "list the runners",
     "Every runner that was seen within a day, the last seen first, as each tells of\n"
     "itself in the Redis of AGNOSTIC_REDIS_URL: slots that are busy of those it has,\n"
     "how long ago it gave a sign, its version, and what ends the processes of its\n"
     "agents for certain: cgroup, pid_namespace or subreaper. One that gave no sign\n"
     "for 30 s is silent, and its tasks move to others.",
     REDIS_STATUS,
     "agnosticctl runners\n"
     "agnosticctl runners --json | jq '[.[] | select(.state == \"alive\").slots] | add'"},
    {"queue", "[status|pause|resume|drain|accept]", 0, 1, ROWS(QUEUE_OPTIONS), true, queue_run,
     "look at the queue, stop and start it",
     "status (or nothing) says how many tasks wait, by priority, and how many run.\n"
     "pause: nothing is started any more, what runs goes on; resume ends that.\n"
     "drain: submits are refused with 503, what waits is worked off; accept ends that.\n"
     "It is the queue in the Redis of AGNOSTIC_REDIS_URL, for all services and runners\n"
     "on it, until it is told otherwise.",
     REDIS_STATUS,
     "agnosticctl queue\n"
     "agnosticctl queue drain && while [ \"$(agnosticctl queue --json |\n"
     "    jq '.delayed + .running + (.waiting | add)')\" != 0 ]; do sleep 1; done"},
    {"doctor", "", 0, 0, ROWS(NO_OPTIONS), true, doctor_run,
     "say what is wrong with a deployment and how to mend it",
     "Walks from the web server over agnostic-api to Redis, the runner and the agents,\n"
     "as they are reached from here with the settings of this shell, looks who else may\n"
     "use their files and sockets, and says what is wrong and how to mend it. Changes\n"
     "nothing.",
     "0   all is well\n"
     "1   something is wrong\n"
     "64  wrong usage\n"
     "74  the output cannot be written\n"
     "78  wrong setting",
     "agnosticctl doctor"},
    {"drill", "", 0, 0, ROWS(DRILL_OPTIONS), true, drill_run,
     "prove on a staging stack that no accepted task is lost",
     "Orders tasks, follows each to its end and counts. With --faults it meanwhile kills,\n"
     "with SIGKILL, slots and keepers of the runners that run on this host as this user\n"
     "and that the Redis of AGNOSTIC_REDIS_URL knows; never a runner's parent, which\n"
     "starts new ones. Nothing is done without --staging, nor where tasks wait or run\n"
     "already (unless --yes), nor where AGNOSTIC_URL leads to another stack.\n"
     "\n"
     "The report:\n"
     "lost                      accepted, and unknown to the service now; must be 0\n"
     "ended more than once      by its history; must be 0\n"
     "failed                    for instance after taking three slots along\n"
     "not ended in time         before --timeout\n"
     "attempted more than once  whose slot was lost, or an attempt of which failed\n"
     "recovery                  from the kill of a slot to its task's next start (where\n"
     "                          another killed it: from the start that came to nothing)\n"
     "\n"
     "Only tasks that run for a while can be hit: without --target every agent that needs\n"
     "one ends at once.",
     "0   none lost, all ended\n"
     "1   tasks were lost or ended twice; or the drill may not be held here\n"
     "3   the service or Redis is not reached\n"
     "4   none lost, but not all ended in time\n"
     "64  wrong usage, or the service finds fault with the order\n"
     "74  the output cannot be written\n"
     "78  wrong setting",
     "agnosticctl drill --staging --tasks 500\n"
     "agnosticctl drill --staging --faults 20 --target https://staging.example.com/ \\\n"
     "    --agents security-compliance"},
    {"config sample", "", 0, 0, ROWS(NO_OPTIONS), false, config_sample,
     "print a settings file with every setting",
     "Every setting of every program with its meaning, limits and default, commented\n"
     "out. A file with a secret in it must be readable by its owner only.",
     "0   printed", "agnosticctl config sample > agnostic.conf && chmod 600 agnostic.conf"},
};
const size_t COMMANDS_COUNT = sizeof(COMMANDS) / sizeof(COMMANDS[0]);

const char COMMANDS_ENVIRONMENT[] =
    "AGNOSTIC_URL\n"
    "    The service (http://127.0.0.1).\n"
    "AGNOSTIC_API_KEY\n"
    "    The key to call it with. Never an argument: every user of a machine can\n"
    "    read those.\n"
    "AGNOSTIC_REDIS_URL\n"
    "    Redis, for --local, runners, queue, doctor and drill:\n"
    "    unix:///path/to/socket[?db=N],\n"
    "    redis://[user:password@]host[:port][/N] (redis://127.0.0.1:6379/0) or\n"
    "    redis+sentinel://[user:password@]host[:port],.../master-name[/N].\n"
    "SSL_CERT_FILE, SSL_CERT_DIR\n"
    "    Certificates of authorities to trust, instead of the system's.\n"
    "\n"
    "The first three may stand in a file as well: $AGNOSTIC_CONFIG, else\n"
    "agnostic.conf beside the program, else ~/.config/agnostic/agnostic.conf, else\n"
    "/etc/agnostic/agnostic.conf.";
