/* artifact: a file an agent leaves for its users, in the folder its task names. */
#ifndef AGENTS_ARTIFACT_H
#define AGENTS_ARTIFACT_H

#include "agents/agent.h"

/* artifact_folder(path, &fault): makes the folder if there is none. ERR_IO. */
enum err artifact_folder(const char *path, struct fault *ret_fault);
/* artifact_put(agent, name, media_type, bytes): writes the file and says so in a line; one of that
 * name is replaced. Without a folder nothing is written; what cannot be written is a `log` line.
 * name and media_type: as of outcome.h, "Agent contract". */
void artifact_put(const struct agent *agent, const char *name, const char *media_type,
                  struct text bytes);

#endif
